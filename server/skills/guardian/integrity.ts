import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'

const PROBLEMS_MAX = 100
const PROBLEM_LENGTH_MAX = 300

export const integrity = action({
  summary: 'Checks that nothing in the database or the audit was damaged or changed.',
  parameters: shape({}),
  result: shape({ ok: Type.Boolean(), problems: Type.Array(Type.String()), lines: Type.Integer() }),
  effect: 'read',
  phrases: [
    'check [the] integrity',
    'check the integrity of (the|my) (data|database|audit|system|server)',
    '[run|do] [an|the] integrity (check|test)',
    'integrity',
    'verify [the] (integrity|audit|audit log|audit trail|database)',
    'is (the|my) (database|data|audit|audit log) (intact|damaged|corrupt|corrupted|whole)',
    'has (the|my) (audit|audit log|database|data) been (tampered with|changed|damaged|corrupted)',
    'check (the|my) (database|audit|audit log|audit trail) [for (errors|damage|problems|tampering)]',
  ],
  examples: [
    'is my data still intact',
    'make sure nobody has tampered with the log',
    'verify that the audit chain holds',
    'was anything in the database corrupted',
    'run a check of the database files',
    'prove that the audit was not changed',
    'do a consistency check of the stored data',
    'are all audit lines there',
    'could the records have been altered behind my back',
    'check the data for corruption',
    'did the power cut damage the database',
    'test whether the audit trail is complete',
    'has somebody deleted lines from the audit',
    'confirm the integrity of everything you store',
    'is the storage damaged',
    'look for corruption in your database',
  ],
  perform: async (can: Pick<Capabilities, 'guard'>, _parameters) => {
    const { ok, problems: all, lines } = await can.guard.integrity()
    const told = all.slice(0, PROBLEMS_MAX).map((problem) => problem.slice(0, PROBLEM_LENGTH_MAX))
    const more = all.length - told.length
    const problems = more === 0 ? told : [...told, `and ${more} more`]
    return {
      data: { ok, problems, lines },
      text: ok
        ? `The database is whole, and the audit with its ${sayCount(lines, 'line')} holds.`
        : sentence(`I found ${sayCount(all.length, 'problem')}. The first: ${told[0] ?? 'unknown'}`),
    }
  },
})
