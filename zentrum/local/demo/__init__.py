"""The demo town Birkenfurt. Every name is invented; the map background is some real place."""
