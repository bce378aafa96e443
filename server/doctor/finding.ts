/** What a check found. */
export interface Finding {
  /** Name of the check, for programs. */
  check: string
  /** `problem`: something is wrong now. `note`: worth knowing, and nothing to be afraid of. */
  kind: 'well' | 'note' | 'problem'
  /** A sentence that says what is. */
  says: string
  /** What to do about it, as a command or a sentence. */
  mend?: string
}

export function well(check: string, says: string): Finding {
  return { check, kind: 'well', says }
}

export function note(check: string, says: string, mend?: string): Finding {
  return { check, kind: 'note', says, ...(mend === undefined ? {} : { mend }) }
}

export function problem(check: string, says: string, mend: string): Finding {
  return { check, kind: 'problem', says, mend }
}
