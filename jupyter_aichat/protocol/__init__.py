"""The wire: commands, events, frames and their parsing. The only definition; the TypeScript types come from it."""
