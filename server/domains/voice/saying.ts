import type { Plan } from './decide.ts'

type Meant = Pick<Extract<Plan, { kind: 'course' }>, 'meaning' | 'parameters'>

/** Says something, and waits for another sentence. */
export function saying({ meaning, parameters }: Meant, text: string): Plan {
  return { kind: 'course', meaning, parameters, course: { kind: 'say', text, followup: true } }
}

/** Says why nothing is done. */
export function nothingDone(meant: Meant, why: string): Plan {
  return saying(meant, `Nothing is done: ${why}`)
}
