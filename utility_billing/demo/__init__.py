from . import sharing
