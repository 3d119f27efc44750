# Sources and library of this part.
