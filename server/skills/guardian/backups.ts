import { Type } from 'typebox'
import type { BackupFacts, Capabilities } from '../capabilities.ts'
import { spokenTime } from '../reminders/spoken.ts'
import { sayCount } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { saySize } from './backup.ts'

const LIMIT_DEFAULT = 5
const LAST = { limit: 1 }
/** What is asked about the newest alone. */
const ABOUT_LAST = {
  'when was (the|my) (last|latest|newest) backup [made|done]': LAST,
  'when did you [last] (back up|backup|make a backup)': LAST,
  '(what|which) (is|was) (the|my) (last|latest|newest) backup': LAST,
  'how old is (the|my) [last|latest|newest] backup': LAST,
  '(show|tell) me (the|my) (last|latest|newest) backup': LAST,
  'is there a backup': LAST,
} as const

type Kept = BackupFacts & { verified: boolean }

export const list_backups = action({
  summary: 'Tells which backups there are, and when they were made.',
  parameters: shape({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
  result: shape({
    backups: Type.Array(
      shape({
        backup: Type.String(),
        created_at: Type.String(),
        bytes: Type.Integer(),
        verified: Type.Boolean(),
      }),
    ),
    count: Type.Integer(),
  }),
  effect: 'read',
  // None is planned here: the next one is that of a workflow.
  never: /\bnext\b/,
  presets: ABOUT_LAST,
  phrases: [
    ...Object.keys(ABOUT_LAST),
    '(list|show) [me] [all] [the|my] backups',
    '(what|which) backups (are there|do i have|exist|were made)',
    'how many backups (are there|do i have)',
  ],
  examples: [
    'what was the time of the newest backup',
    'on which day did you make a backup last',
    'how long ago was the last backup',
    'was there a backup last night',
    'do we have any backups yet',
    'give me a list of all backups',
    'tell me when the data was backed up',
    'since when is there no backup',
    'name the backups that are kept',
    'which backups have you kept so far',
    'how recent is my newest backup',
    'let me see the backups of this week',
    'at what time was the backup made',
    'the dates of the backups please',
    'I want to know the age of the last backup',
    'what backups have been made lately',
  ],
  perform: async (can: Pick<Capabilities, 'backups' | 'clock'>, { limit = LIMIT_DEFAULT }) => {
    const all = await can.backups.list()
    const shown = all.slice(0, limit)
    return {
      data: {
        backups: shown.map(({ name, created_at, bytes, verified }) => ({
          backup: name,
          created_at,
          bytes,
          verified,
        })),
        count: all.length,
      },
      text: say(shown, all.length, can.clock),
    }
  },
})

/** It is said, and not done: whoever restores must not be the server whose data is replaced. */
export const restore_backup = action({
  summary: 'Tells how a backup is restored, which nobody can do while the server runs.',
  parameters: shape({}),
  result: shape({ backup: Type.String() }),
  effect: 'read',
  phrases: [
    'restore [the|my|a] [last|latest|newest] backup',
    'restore [the|my] (data|database|server|system) [from] [the|a] backup',
    'restore from [the|my|a] [last|latest|newest] backup',
    'restore everything [from [the|a] backup]',
    '(go|roll) back to [the|my|a] [last|latest|newest] backup',
    'bring back [the|my] [last|latest|newest] backup',
    'how (do i|can i|to) restore [the|my|a] [last|latest] backup',
    '(load|recover) [the|my|a] [last|latest|newest] backup',
  ],
  examples: [
    'put the data back as it was in the backup',
    'replace everything by the last backup',
    'recover the server from the newest backup',
    'I want the state of the last backup back',
    'return to the backup of last night',
    'reset all data to the backup',
    'use the backup in place of the current data',
    'how is a backup restored',
    'what must I do to get the backup back',
    'take the backup from yesterday and restore it',
    'please restore all my data',
    'undo everything since the last backup',
    'overwrite the database with the backup',
    'let us go back to yesterday’s backup',
    'can you recover my data from a backup',
    'which command restores a backup',
  ],
  perform: async (can: Pick<Capabilities, 'backups' | 'clock'>, _parameters) => {
    const newest = (await can.backups.list()).find(({ verified }) => verified)
    if (newest === undefined)
      throw new ActionError('There is no backup that was found to hold: make one first.')
    return {
      data: { backup: newest.name },
      text: `Nothing is restored: I cannot do that while I run. Stop the server, and then on its machine: paios restore ${newest.name}. That is the newest, ${when(newest, can.clock)}.`,
    }
  },
})

function say(shown: readonly Kept[], count: number, clock: Capabilities['clock']): string {
  const [newest, ...others] = shown
  if (newest === undefined) return 'There is no backup yet. To have one, say: make a backup.'
  const holds = newest.verified
    ? 'It was restored into a folder of its own, and holds'
    : 'It has not been found to hold'
  if (others.length === 0)
    return `The newest backup is ${when(newest, clock)}: ${newest.name}, of ${saySize(newest.bytes)}. ${holds}.`
  const each = shown.map(
    (kept) => `${kept.name} ${when(kept, clock)}${kept.verified ? '' : ' (not found to hold)'}`,
  )
  return `There are ${sayCount(count, 'backup')}. The newest: ${each.join('; ')}.`
}

/** "of yesterday at 03:00" */
function when({ created_at }: Kept, { now, time_zone }: Capabilities['clock']): string {
  return `of ${spokenTime(Date.parse(created_at), now, time_zone)
    .replace(/^at /u, 'today at ')
    .replace(/^on /u, '')}`
}
