import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'

const PROBLEMS_MAX = 100
const PROBLEM_LENGTH_MAX = 300

const WHOLE =
  '(?:it|everything|all|this|the whole|(?:the |my |our |this )?(?:server|system|data|database|files|machine|computer|whole))\\b'

/** Nothing that is stored is changed by a backup, and another one does no harm. */
export const backup = action({
  summary: 'Makes a backup of the whole server, while it runs.',
  parameters: shape({}),
  result: shape({ backup: Type.String(), created_at: Type.String(), bytes: Type.Integer() }),
  effect: 'read',
  phrases: [
    'back up',
    'backup',
    '(back up|backup) (the|my) (server|data|database|system)',
    '(back up|backup) (everything|all [of] my data)',
    'back everything up',
    '(make|take|do|create|start|run) [a|another|one] [new|full] backup [now]',
    '(make|take|create) [a|another] [full] backup of (the|my) (server|data|database|system)',
    '(make|take|do|create) [a|another] [new|full] backup of everything',
    '(make|take|create) [a] snapshot of (the|my) (server|data|database|system)',
  ],
  examples: [
    'save a copy of all my data',
    'please secure everything that is stored',
    'I want a fresh backup before I try this',
    'copy the whole database somewhere safe',
    'put a snapshot of the server aside',
    'make sure there is a copy of everything',
    'could you save all the data of this server',
    'back everything up before the update',
    'a full backup would be good now',
    'keep a safety copy of the system',
    'I would like to have another backup',
    'can you do a backup of the data for me',
    'secure the data before I change anything',
    'let us have a backup of all that is stored',
    'store a copy of the whole system',
    'do the backup now and not tonight',
  ],
  // A copy of something else is none.
  never: new RegExp(
    `^(?:copy|duplicate|clone) (?!${WHOLE})|\\b(?:copy|backup|duplicate|snapshot) of (?!${WHOLE})`,
  ),
  perform: async (can: Pick<Capabilities, 'backups'>, _parameters) => {
    const { name, created_at, bytes } = await can.backups.make()
    return {
      data: { backup: name, created_at, bytes },
      text: `I made the backup ${name}, of ${saySize(bytes)}.`,
    }
  },
})

export const verify_backup = action({
  summary: 'Restores a backup into a folder of its own and looks at all of it.',
  parameters: shape({ backup: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })) }),
  result: shape({
    ok: Type.Boolean(),
    backup: Type.String(),
    created_at: Type.String(),
    problems: Type.Array(Type.String()),
    lines: Type.Integer(),
  }),
  effect: 'read',
  slots: { backup: 'word' },
  phrases: [
    '(verify|check|test) [the|my] [last|latest|newest] backup',
    '(verify|check|test) [the|my] backups',
    '(verify|check|test) [the] backup {backup}',
    '(is|was) (the|my) [last|latest|newest] backup (good|ok|okay|intact|whole|damaged)',
    'does (the|my) [last|latest|newest] backup (hold|work)',
    'can (the|my) [last|latest|newest] backup be restored',
    'can [the] backup {backup} be restored',
    '(do|run|make) [a|the] (backup (check|test)|test restore)',
  ],
  examples: [
    'would my backup really work',
    'try whether the newest backup can be read',
    'is the copy of my data any good',
    'do a trial restore of the backup',
    'can I count on the last backup',
    'was the backup of tonight damaged',
    'prove that the backup works',
    'try to restore the backup somewhere else',
    'are the backups in order',
    'look whether the last backup is complete',
    'make sure that the backup can be restored',
    'is there a backup that can be trusted',
    'see if the newest backup is readable',
    'would I get everything back from the backup',
    'is anything missing in the latest backup',
    'has the last backup been corrupted',
  ],
  perform: async (can: Pick<Capabilities, 'backups'>, { backup: wanted }) => {
    const { name, created_at, ok, problems: all, lines } = await can.backups.verify(wanted)
    const told = all.slice(0, PROBLEMS_MAX).map((problem) => problem.slice(0, PROBLEM_LENGTH_MAX))
    return {
      data: { ok, backup: name, created_at, problems: told, lines },
      text: ok
        ? `The backup ${name} can be restored: all of it is whole, and its audit with ${sayCount(lines, 'line')} holds.`
        : sentence(
            `Do not count on the backup ${name}: I found ${sayCount(all.length, 'problem')}. The first: ${told[0] ?? 'unknown'}`,
          ),
    }
  },
})

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const

/** A size as it is said, with at most one digit after the point. */
export function saySize(bytes: number): string {
  let [value, unit] = [bytes, 0]
  while (value >= 1_000 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1]
  return `${unit === 0 ? value : Math.round(value * 10) / 10} ${UNITS[unit]}`
}
