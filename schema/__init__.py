"""The contract: types, inputs, directives, root fields, the visible schema. It declares; it computes nothing."""
