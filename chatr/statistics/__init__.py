"""Figures about people that tell nobody about one person."""
