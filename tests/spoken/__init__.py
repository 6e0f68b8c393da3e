"""How answers are cut and worded to be spoken, by the widget's own modules under Node.js."""
