"""The pages of editors: their services, what they propose, what is public at once, handing over."""
