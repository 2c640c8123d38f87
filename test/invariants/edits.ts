/** Records go as they are. */
export {}
