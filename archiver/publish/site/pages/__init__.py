"""The pages of the reading site, one module each; `site.routes` gives them their addresses."""
