"""How the window looks: design tokens, palettes, icons, fonts."""
