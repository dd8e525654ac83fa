"""The private socket: how a second process of the same user asks the one that holds the data folder."""
