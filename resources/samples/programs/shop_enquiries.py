"""What customers write to the shop on the pretended day, and what the models say to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mishap = Literal["policy down", "customer leaves", "model stops", "still running"]


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One message. `drafts` are written one after another until the last is good enough."""

    hour: float
    session: str
    customer: str
    text: str
    directive: Literal["question", "refund", "smalltalk"]
    drafts: tuple[str, ...]
    order: int | None = None
    documents: tuple[tuple[str, str], ...] = ()
    mishap: Mishap | None = None


_ENQUIRIES = (
    Enquiry(
        23.2,
        "session-3f1c",
        "Maren Vogt",
        "Where is my order 1042? It should have come yesterday.",
        "question",
        (
            "Your order is on its way.",
            "Your order 1042 is with DHL.",
            "Your order 1042 is with DHL and should arrive on 22 November. I have asked for a tracking update.",
        ),
        order=1042,
        documents=(("faq/shipping", "Parcels leave our warehouse within 24 hours and take two to four working days."),),
    ),
    Enquiry(
        4.4,
        "session-77ab",
        "Jonas Weber",
        "I want my money back for the blue kettle. The handle came off on day two!",
        "refund",
        ("I am sorry about the handle. We have refunded €49.90 for the kettle; it takes three to five days to show.",),
        order=1031,
    ),
    Enquiry(
        9.3,
        "session-9e02",
        "Aiko Tanaka",
        "Hello! Is anybody there? 🙂",
        "smalltalk",
        ("Hello Aiko! Yes, I am here. What can I do for you?",),
    ),
    Enquiry(
        12.7,
        "session-9e02",
        "Aiko Tanaka",
        "Does the Alpina kettle work on an induction hob? 🫖",
        "question",
        (
            "Yes.",
            "Yes: the Alpina's base is magnetic steel, so it works on induction hobs with a zone of 12 cm or more.",
        ),
        documents=(
            (
                "products/alpina",
                "Alpina kettle, 1.7 l. Base: magnetic stainless steel (18/0). Induction: yes, zone ≥ 12 cm.",
            ),
            ("products/alpina-mini", "Alpina mini, 0.8 l. Not for induction."),
        ),
    ),
    Enquiry(
        22.6,
        "session-51d0",
        "Lucía Fernández",
        "Can you change the delivery address of order 1077 to 12 rue Cler, Paris?",
        "question",
        ("Order 1077 has not left yet, so I have changed the address to 12 rue Cler, 75007 Paris.",),
        order=1077,
    ),
    Enquiry(
        23.5,
        "session-77ab",
        "Jonas Weber",
        "My refund for order 1031 has still not arrived. Please look again.",
        "refund",
        ("I have checked again and started the refund once more.",),
        order=1031,
        mishap="policy down",
    ),
    Enquiry(
        17.5,
        "session-c4f8",
        "ليلى حداد",
        "كم تكلفة الشحن إلى دبي؟",
        "question",
        (
            "تكلفة الشحن إلى دبي 18 يورو.",
            "تكلفة الشحن إلى دبي 18 يورو، ويصل الطلب خلال خمسة إلى سبعة أيام عمل.",
        ),
        documents=(("faq/shipping-world", "UAE: €18, five to seven working days. Customs are paid by the customer."),),
    ),
    Enquiry(
        19.9,
        "session-0b6e",
        "Tom O'Neill",
        "Can I return shoes that I wore once? They are a bit tight.",
        "question",
        ("Please send them back.", "Shoes can be returned within 30 days when the soles show no wear."),
        documents=(("faq/returns", "Returns within 30 days. Shoes only when the soles show no wear."),),
        mishap="customer leaves",
    ),
    Enquiry(
        23.85,
        "session-e2b7",
        "Piotr Zieliński",
        "Order 1090 came with a broken lid. What can I do?",
        "question",
        (
            "Please contact us.",
            "Send us a photo of the lid.",
            "Send us a photo of the lid within 30 days, and a new one leaves our warehouse the next morning.",
        ),
        order=1090,
        documents=(("faq/damage", "Damaged parts are replaced free of charge; a photo is enough."),),
        mishap="model stops",
    ),
    Enquiry(
        24.1,
        "session-3f1c",
        "Maren Vogt",
        "Thank you! And could you leave order 1042 with my neighbour?",
        "question",
        ("I have asked DHL to leave parcel 1042 with your neighbour.",),
        order=1042,
        mishap="still running",
    ),
)

ENQUIRIES = tuple(sorted(_ENQUIRIES, key=lambda enquiry: enquiry.hour))
