"""The page of a net: its forward and backward pass on a stage, every gradient derived, and training."""

from nn.page.page import net_content, net_page, net_source, to_html

__all__ = ["net_content", "net_page", "net_source", "to_html"]
