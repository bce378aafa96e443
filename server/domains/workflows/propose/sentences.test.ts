import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProposal } from './index.ts'
import { problemsOf, proposed, shortened } from './rig.ts'

/** A sentence, what starts its workflow, and its steps; where a step tells something found, its text is left out. */
const SENTENCES: readonly (readonly [sentence: string, trigger: string, ...steps: string[]])[] = [
  [
    'every weekday at 8 make a briefing from my notes and reminders',
    'cron 0 8 * * 1-5',
    'notes 2/list',
    'reminders 3/list',
    'tell 0/notify',
  ],
  [
    'every weekday at 8 make a briefing',
    'cron 0 8 * * 1-5',
    'notes 2/list',
    'reminders 3/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'each morning prepare a briefing from my tasks, my reminders and my shopping list',
    'cron 0 8 * * *',
    'tasks 4/list',
    'reminders 3/list',
    'tasks_2 4/list {"list":"shopping"}',
    'tell 0/notify',
  ],
  [
    'every weekday at 8 make a briefing from my notes about boats and my calendar',
    'cron 0 8 * * 1-5',
    'notes 2/recall {"query":"boats"}',
    'next 3/next_event',
    'tell 0/notify',
  ],
  [
    'make a briefing from my notes tagged work every monday at 9',
    'cron 0 9 * * 1',
    'notes 2/list {"tags":["work"]}',
    'tell 0/notify',
  ],
  ['every sunday evening give me a summary of my tasks', 'cron 0 18 * * 0', 'tasks 4/list', 'tell 0/notify'],
  [
    'every day at noon make a digest of the news from https://example.org/feed.xml',
    'cron 0 12 * * *',
    'feed 8/feed {"url":"https://example.org/feed.xml"}',
    'tell 0/notify',
  ],
  [
    'every monday at 9 list my tasks and remind me to plan the week',
    'cron 0 9 * * 1',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'when I say good night, list my reminders and then list my tasks',
    'voice_command {"phrase":"good night"}',
    'reminders 3/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'when i say good night list my reminders and list my tasks',
    'voice_command {"phrase":"good night"}',
    'reminders 3/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'whenever I say "bed time" list my reminders, then list my tasks',
    'voice_command {"phrase":"bed time"}',
    'reminders 3/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'when I say good morning, make a briefing',
    'voice_command {"phrase":"good morning"}',
    'notes 2/list',
    'reminders 3/list',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'make a workflow that, when I say clean up, deletes all my notes',
    'voice_command {"phrase":"clean up"}',
    'forget 2/forget {"everything":true}',
  ],
  [
    'every 15 minutes check https://example.org and tell me if it is down',
    'every 15 min',
    'page 8/get {"url":"https://example.org"}',
    'tell 0/notify if "page" fails',
  ],
  [
    'check example.org every ten minutes and tell me if it does not answer',
    'every 10 min',
    'page 8/get {"url":"example.org"}',
    'tell 0/notify if "page" fails',
  ],
  [
    'every hour check https://example.org, if it is down tell me',
    'every 60 min',
    'page 8/get {"url":"https://example.org"}',
    'tell 0/notify if "page" fails',
  ],
  [
    'every hour check https://example.org and tell me if it is up again',
    'every 60 min',
    'page 8/get {"url":"https://example.org"}',
    'tell 0/notify {"text":"https://example.org: it works."} if "page" works',
  ],
  [
    'every 15 minutes check https://example.org and tell me if it is up, otherwise post down to https://example.net/hook',
    'every 15 min',
    'page 8/get {"url":"https://example.org"}',
    'tell 0/notify {"text":"https://example.org: it works."} if "page" works',
    'post 8/post {"body":"down","url":"https://example.net/hook"} unless "page" works',
  ],
  ['when agent 5 finishes, tell me the result', 'agent_completion 5', 'tell 0/notify'],
  ['tell me the result when agent 5 finishes', 'agent_completion 5', 'tell 0/notify'],
  ['whenever the notes agent fails, tell me why', 'agent_completion 2 {"success":false}', 'tell 0/notify'],
  [
    'each time agent three succeeds, list my tasks',
    'agent_completion 3 {"success":true}',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'when agent 2 remembers something, notify me',
    'agent_completion 2 {"action":"remember","success":true}',
    'tell 0/notify',
  ],
  [
    'whenever the tasks agent adds something to a list, notify me',
    'agent_completion 4 {"action":"add","success":true}',
    'tell 0/notify',
  ],
  [
    'every 15 minutes check if example.org is up',
    'every 15 min',
    'page 8/get {"url":"example.org"}',
    'tell 0/notify',
  ],
  [
    'when the fetcher has failed, tell me that the net is down',
    'agent_completion 8 {"success":false}',
    'tell 0/notify {"text":"The net is down"}',
  ],
  [
    'after agent 8 is done, wait 5 minutes and then list my reminders',
    'agent_completion 8',
    'wait 0/wait {"seconds":300}',
    'reminders 3/list',
    'tell 0/notify',
  ],
  [
    'when the webhook is called, add milk to my shopping list',
    'webhook {"method":"POST"}',
    'add 4/add {"items":["milk"],"list":"shopping"}',
  ],
  ['when my webhook is called tell me what was sent', 'webhook {"method":"POST"}', 'tell 0/notify'],
  ['make a workflow that lists my tasks and tells me', 'manual', 'tasks 4/list', 'tell 0/notify'],
  [
    'create a new workflow called Tidy up that deletes all my notes',
    'manual',
    'forget 2/forget {"everything":true}',
  ],
  [
    'make a workflow named "Morning: 7" which every day at 7 am lists my reminders and tells me',
    'cron 0 7 * * *',
    'reminders 3/list',
    'tell 0/notify',
  ],
  [
    'set up an automation to list my tasks every friday at 5 pm',
    'cron 0 17 * * 5',
    'tasks 4/list',
    'tell 0/notify',
  ],
  [
    'make a workflow that tells me when /data/a.csv changes',
    'every 30 min',
    'watches 7/list',
    'watch 7/watch {"target":"/data/a.csv","label":"/data/a.csv"} if it is not watched yet',
    'tell 0/notify if it has changed',
  ],
  [
    'whenever the file /data/report.csv changes, list my tasks',
    'every 30 min',
    'watches 7/list',
    'watch 7/watch {"target":"/data/report.csv","label":"/data/report.csv"} if it is not watched yet',
    'tasks 4/list if it has changed',
    'tell 0/notify if it has changed',
  ],
  [
    'every evening list my tasks and tell me if there are any',
    'cron 0 18 * * *',
    'tasks 4/list',
    'tell 0/notify if "tasks" finds any',
  ],
  [
    'every evening list my tasks and if there are any tell me',
    'cron 0 18 * * *',
    'tasks 4/list',
    'tell 0/notify if "tasks" finds any',
  ],
  [
    'every evening list my tasks, if there are none tell me that all is done, otherwise tell me',
    'cron 0 18 * * *',
    'tasks 4/list',
    'tell 0/notify {"text":"All is done"} if "tasks" finds none',
    'tell_2 0/notify unless "tasks" finds none',
  ],
  [
    'every evening list my tasks and tell me if there are more than 3',
    'cron 0 18 * * *',
    'tasks 4/list',
    'tell 0/notify if "tasks" finds more than 3',
  ],
  [
    'every evening list my tasks and if there are any, list my reminders and tell me',
    'cron 0 18 * * *',
    'tasks 4/list',
    'reminders 3/list if "tasks" finds any',
    'tell 0/notify if "tasks" finds any',
    'tell_2 0/notify',
  ],
  [
    'every day at 7 read the page https://example.org and tell me if it says "on sale"',
    'cron 0 7 * * *',
    'page 8/read_page {"url":"https://example.org"}',
    'tell 0/notify if "page" says "on sale"',
  ],
  [
    'every day at 7 am read the page at https://example.org',
    'cron 0 7 * * *',
    'page 8/read_page {"url":"https://example.org"}',
    'tell 0/notify',
  ],
  [
    'every day at 22:00 list my notes since yesterday',
    'cron 0 22 * * *',
    `notes 2/list {"since":"{{formatDate(addDays(now, -1), 'YYYY-MM-DD')}}"}`,
    'tell 0/notify',
  ],
  [
    'every day at 8 list my notes since 2026-11-01',
    'cron 0 8 * * *',
    'notes 2/list {"since":"2026-11-01"}',
    'tell 0/notify',
  ],
  [
    'list my tasks every monday at 9 and remind me at 10 to plan the week',
    'cron 0 9 * * 1',
    'tasks 4/list',
    `remind 3/remind {"at":"{{date(formatDate(now, 'YYYY-MM-DD') + 'T10:00')}}","text":"plan the week"}`,
    'tell 0/notify',
  ],
  [
    'every monday list my tasks and remind me in 20 minutes to plan the week',
    'cron 0 8 * * 1',
    'tasks 4/list',
    'remind 3/remind {"in_seconds":1200,"text":"plan the week"}',
    'tell 0/notify',
  ],
  [
    'every monday at 9 list my tasks and remind me tomorrow at 8 to plan',
    'cron 0 9 * * 1',
    'tasks 4/list',
    `remind 3/remind {"at":"{{date(formatDate(addDays(now, 1), 'YYYY-MM-DD') + 'T08:00')}}","text":"plan"}`,
    'tell 0/notify',
  ],
  [
    'every night at 11 ask me first and then delete all my notes',
    'cron 0 23 * * *',
    'approval 0/wait_for_approval {"text":"Shall this workflow go on?"}',
    'forget 2/forget {"everything":true} if you agree',
  ],
  [
    'every monday at 9 add water the plants to my to do list',
    'cron 0 9 * * 1',
    'add 4/add {"items":["water the plants"],"list":"to do"}',
  ],
  [
    'add eggs and milk to my shopping list every saturday at 10',
    'cron 0 10 * * 6',
    'add 4/add {"items":["eggs","milk"],"list":"shopping"}',
  ],
  [
    'every hour fetch https://example.org/status and post hello to https://example.org/x',
    'every 60 min',
    'page 8/get {"url":"https://example.org/status"}',
    'post 8/post {"body":"hello","url":"https://example.org/x"}',
    'tell 0/notify',
  ],
  [
    'every weekday at 8 tell me what is on my shopping list',
    'cron 0 8 * * 1-5',
    'tasks 4/list {"list":"shopping"}',
    'tell 0/notify',
  ],
  ['on the first of every month list my tasks', 'cron 0 8 1 * *', 'tasks 4/list', 'tell 0/notify'],
  [
    'on the last day of every month at 6 pm show my reminders',
    'cron 0 18 L * *',
    'reminders 3/list',
    'tell 0/notify',
  ],
  ['every 2 hours list my reminders', 'every 120 min', 'reminders 3/list', 'tell 0/notify'],
  ['every weekend at half past ten list my tasks', 'cron 30 10 * * 6,0', 'tasks 4/list', 'tell 0/notify'],
  ['at 8 every weekday list my reminders', 'cron 0 8 * * 1-5', 'reminders 3/list', 'tell 0/notify'],
  [
    'on mondays and thursdays at quarter to nine list my tasks',
    'cron 45 8 * * 1,4',
    'tasks 4/list',
    'tell 0/notify',
  ],
  ['every day at 8 and 18 list my tasks', 'cron 0 8,18 * * *', 'tasks 4/list', 'tell 0/notify'],
  ['every night list my watches', 'cron 0 22 * * *', 'watches 7/list', 'tell 0/notify'],
  [
    'every hour on weekdays between 9 and 17 list my reminders',
    'cron 0 9-17 * * 1-5',
    'reminders 3/list',
    'tell 0/notify',
  ],
  ['every first monday of the month at 9 list my tasks', 'cron 0 9 * * 1#1', 'tasks 4/list', 'tell 0/notify'],
  ['daily at 8 utc list my tasks', 'cron 0 8 * * * UTC', 'tasks 4/list', 'tell 0/notify'],
  ['please list my reminders every day at 06:30', 'cron 30 6 * * *', 'reminders 3/list', 'tell 0/notify'],
  [
    'every friday at 16:00 check my security and tell me if there are any findings',
    'cron 0 16 * * 5',
    'security 9/security_report',
    'tell 0/notify if "security" finds any',
  ],
  [
    'every day at 20:00 check the integrity of my data and tell me if there are any problems',
    'cron 0 20 * * *',
    'integrity 9/integrity',
    'tell 0/notify if "integrity" finds any',
  ],
  [
    'every 30 minutes get the headlines from https://example.org/feed.xml; tell me',
    'every 30 min',
    'feed 8/feed {"url":"https://example.org/feed.xml"}',
    'tell 0/notify',
  ],
  ['every monday at 9 agent 4, list my tasks', 'cron 0 9 * * 1', 'tasks 4/list', 'tell 0/notify'],
  [
    'every day at midnight calculate 6 * 7 and tell me the answer',
    'cron 0 0 * * *',
    'result 5/calculate {"expression":"6 * 7"}',
    'tell 0/notify',
  ],
]

test('a sentence becomes the trigger and the steps that it asks for, without any problem in them', async () => {
  for (const [sentence, ...wanted] of SENTENCES) {
    const proposal = await proposed(sentence)
    assert.deepEqual(shortened(proposal), wanted, sentence)
    assert.deepEqual(proposal.unclear, [], sentence)
    assert.deepEqual(problemsOf(proposal.definition), [], sentence)
    assert.ok(isProposal(sentence), sentence)
  }
})

test('politeness, capitals and a full stop change nothing', async () => {
  const plain = await proposed('every day at 8 list my tasks')
  for (const sentence of [
    'Every day at 8, list my tasks.',
    'could you please every day at 8 list my tasks!',
  ]) {
    assert.deepEqual((await proposed(sentence)).definition, plain.definition, sentence)
  }
})
