-- Where does the log stand? Answered from the parts' minima and maxima of seq.
SELECT max(seq) FROM entries
