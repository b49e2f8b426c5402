"""Nets in files."""

from nn.saving.json_file import Json, encode, load, number, numbers, whole
from nn.saving.net_format import KIND, VERSION, content_of, layers_of

__all__ = ["KIND", "VERSION", "Json", "content_of", "encode", "layers_of", "load", "number", "numbers", "whole"]
