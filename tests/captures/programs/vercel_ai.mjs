// A program on the Vercel AI SDK, with OpenAI's models: `node vercel_ai.mjs SCENARIO COLLECTOR PROVIDER`.
// It runs in the folder that holds the SDK; what it asks comes as JSON in the variable SCRIPT.

import { createOpenAI } from "@ai-sdk/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { embedMany, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";

const [scenario, collector, provider] = process.argv.slice(2);
const script = JSON.parse(process.env.SCRIPT);

const tracers = new NodeTracerProvider({
  resource: resourceFromAttributes({ "service.name": "guide" }),
  spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: collector }))],
});
tracers.register();

const openai = createOpenAI({ baseURL: `${provider}/v1`, apiKey: "none" });
const asked = {
  model: openai.chat("gpt-4o-mini"),
  maxRetries: 0,
  experimental_telemetry: { isEnabled: true, metadata: { sessionId: "journey" } },
};
const user = { role: "user", content: script.HELLO };

const scenarios = {
  chat: () =>
    generateText({ ...asked, system: script.SYSTEM, prompt: script.HELLO, temperature: 0.5, maxOutputTokens: 100 }),
  stream: async () => {
    for await (const _ of streamText({ ...asked, prompt: script.COUNT }).textStream);
  },
  tools: () =>
    generateText({
      ...asked,
      prompt: script.WEATHER,
      stopWhen: stepCountIs(3),
      tools: {
        get_weather: tool({
          description: "Tells the weather.",
          inputSchema: jsonSchema(script.WEATHER_SCHEMA),
          execute: async ({ city }) => script.WEATHER_OF[city],
        }),
      },
    }),
  image: () => {
    const image = { type: "image", image: script.IMAGE, mediaType: "image/png" };
    return generateText({
      ...asked,
      messages: [{ role: "user", content: [{ type: "text", text: script.PICTURE }, image] }],
    });
  },
  structured: () => generateObject({ ...asked, prompt: script.PLAN, schema: jsonSchema(script.PLAN_SCHEMA) }),
  embedding: () =>
    embedMany({ ...asked, model: openai.embedding("text-embedding-3-small"), values: script.TEXTS }),
  error: () =>
    generateText({ ...asked, prompt: script.BUSY }).then(
      () => Promise.reject(new Error("It was to fail.")),
      () => undefined,
    ),
  multi_turn: () =>
    generateText({
      ...asked,
      system: script.SYSTEM,
      messages: [
        user,
        { role: "assistant", content: "Take the train to Flåm, and the boat back." },
        { role: "user", content: script.FOLLOW_UP },
      ],
    }),
  reasoning: () => generateText({ ...asked, model: openai.chat("gpt-5-mini"), prompt: script.PUZZLE, maxOutputTokens: 500 }),
};

await scenarios[scenario]();
await tracers.shutdown();
