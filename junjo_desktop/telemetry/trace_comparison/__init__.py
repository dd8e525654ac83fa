"""Any two traces beside each other, or one beside what is usual for its name; nothing here knows Qt or SQL."""
