import { test } from 'node:test'
import { becomes } from './rig.ts'
import type { Sentence } from './rig.ts'

/** A sentence, what starts its workflow, and its steps: of several things in one order, of days left out, of backups. */
const SENTENCES: readonly Sentence[] = [
  [
    'every day from monday to thursday at 10 pm list my reminders',
    'cron 0 22 * * 1,2,3,4',
    'reminders 3/list',
    'tell 0/notify',
  ],
  [
    'every day at 8 except sunday list my reminders',
    'cron 0 8 * * 1,2,3,4,5,6',
    'reminders 3/list',
    'tell 0/notify',
  ],
  ['every weekday except friday at 8 list my tasks', 'cron 0 8 * * 1,2,3,4', 'tasks 4/list', 'tell 0/notify'],
  [
    'every first of the month at 9 list my notes and my tasks',
    'cron 0 9 1 * *',
    'notes 2/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'every day at 7 tell me my shopping list and my to do list',
    'cron 0 7 * * *',
    'tasks 4/list {"list":"shopping"}',
    'tasks_2 4/list {"list":"to do"}',
    'tell 0/notify',
  ],
  [
    'every day at 7 tell me the notes about Anna',
    'cron 0 7 * * *',
    'notes 2/recall {"query":"Anna"}',
    'tell 0/notify',
  ],
  [
    'once a backup is made, list my tasks',
    'agent_completion 9 {"action":"backup","success":true}',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'after every backup check the backup',
    'agent_completion 9 {"action":"backup","success":true}',
    'verify_backup 9/verify_backup',
    'tell 0/notify',
  ],
]

test('each thing of an order becomes a step, on the days that are meant', async () => {
  await becomes(SENTENCES)
})
