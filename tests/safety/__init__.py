"""What goes wrong on disks, in terminals and with clocks, row by row: nobody's words are lost or left behind."""
