import { Type } from 'typebox'
import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { command } from './command.ts'

const Said = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

/** A workflow that exists is said as `workflow`; as `name` it is whatever stands beside the word. */
const about_one = {
  parameters: shape({ workflow: Said, name: Said }),
  slots: { workflow: 'workflow', name: 'text' },
  questions: { workflow: 'Which workflow?' },
} as const
const about_one_then = {
  ...about_one,
  parameters: shape({ workflow: Said, name: Said, period: Said }),
  slots: { ...about_one.slots, period: 'period' },
} as const
const about_time = { parameters: shape({ period: Said }), slots: { period: 'period' } } as const
const must_be_said = { needsOne: ['workflow', 'name'] } as const

const KIND = '(workflow|automation|routine)'

/** The phrases of a verb with the name before or after the word "workflow". */
function named(verb: string, after = ''): string[] {
  return [
    `${verb} [the|my] {name} ${KIND} ${after}`.trim(),
    `${verb} [the|my] ${KIND} [called|named] {name} ${after}`.trim(),
  ]
}

const FAILING = '(fail|break|go wrong|not work|not run|stop working)'

/** The phrases of a question with the name before or after the word "workflow", between its verbs. */
function asked(before: string, after: string): string[] {
  return [`${before} [the|my] {name} ${KIND} ${after}`, `${before} [the|my] ${KIND} {name} ${after}`]
}

/** What can be said of workflows. */
export const workflow_commands: Readonly<Record<string, Action>> = {
  create_workflow: command(
    'Proposes a workflow for what is said; it is made when you agree.',
    // A proposal changes nothing: what follows from it is asked about.
    'read',
    [
      `(make|create|set up|build|add) [me] (a|an|another) [new] ${KIND}`,
      `i (want|need) (a|an|another) [new] ${KIND}`,
    ],
    [
      'I want to automate something',
      'can an automation do this for me',
      'I have an idea for a new routine',
      'let us build a workflow together',
      'I would like to create an automation',
      'help me set up a workflow',
    ],
    {
      parameters: shape({ request: Type.String({ minLength: 1, maxLength: 4_000 }) }),
      slots: { request: 'text' },
      questions: { request: 'What should it do, and when?' },
    },
  ),
  run_workflow: command(
    'Starts a workflow.',
    'write',
    [...named('(run|start|execute|launch|trigger)'), `(run|start|execute) a ${KIND}`],
    [
      'start one of my workflows',
      'run my evening automation now',
      'kick off the cleanup workflow',
      'please execute the workflow for the report',
      'I want the morning routine to run now',
      'fire up the newsletter workflow',
    ],
    { ...about_one, ...must_be_said },
  ),
  stop_workflow: command(
    'Stops the runs of a workflow.',
    'write',
    [
      ...named('(stop|cancel|abort|halt|end)'),
      `(stop|cancel|abort|halt) (the|this|that|my) [running] ${KIND}`,
    ],
    [
      'stop the workflow that is running',
      'cancel the run of the report workflow',
      'make the cleanup workflow stop',
      'interrupt the evening automation',
      'the newsletter workflow should stop now',
    ],
    about_one,
  ),
  turn_on_workflow: command(
    'Switches a workflow on.',
    'write',
    [
      ...named('(turn|switch) on', '[again]'),
      ...named('(turn|switch) back on'),
      `(turn|switch) [the|my] {name} ${KIND} [back] on [again]`,
      `(turn|switch) [the|my] ${KIND} {name} [back] on [again]`,
      ...named('(enable|activate|reactivate)'),
    ],
    [
      'enable the workflow again',
      'I want the newsletter automation active again',
      'switch the report workflow back on',
      'turn my automation on',
      'let the cleanup workflow run again from now on',
    ],
    { ...about_one, ...must_be_said },
  ),
  turn_off_workflow: command(
    'Switches a workflow off.',
    'write',
    [
      ...named('(turn|switch) off', '[again]'),
      `(turn|switch) [the|my] {name} ${KIND} [back] off [again]`,
      `(turn|switch) [the|my] ${KIND} {name} [back] off [again]`,
      ...named('(disable|deactivate|suspend|pause)'),
    ],
    [
      'disable this workflow',
      'I do not want the newsletter automation any more',
      'switch the report workflow off for now',
      'turn my automation off',
      'put the cleanup workflow on hold',
    ],
    { ...about_one, ...must_be_said },
  ),
  delete_workflow: command(
    'Deletes a workflow, once you have agreed.',
    // It is asked about however it was understood.
    'read',
    [
      ...named('(delete|remove|erase|get rid of|throw away)'),
      `(delete|remove|erase|get rid of) (a|the|this|that|my) ${KIND}`,
    ],
    [
      'I do not need the report workflow any more, delete it',
      'delete one of my workflows',
      'please remove my evening automation for good',
      'the newsletter workflow can go',
      'drop the cleanup routine from my workflows',
    ],
    { ...about_one, ...must_be_said },
  ),
  explain_workflow: command(
    'Tells what a workflow does.',
    'read',
    [
      `what does [the|my] {name} ${KIND} do`,
      `what does [the|my] ${KIND} {name} do`,
      `how does [the|my] {name} ${KIND} work`,
      ...named('(explain|describe|show|show me|tell me about)'),
    ],
    [
      'tell me what this workflow does',
      'explain my evening automation to me',
      'which steps does the report workflow have',
      'what happens in the cleanup workflow',
      'walk me through the newsletter automation',
    ],
    { ...about_one, ...must_be_said },
  ),
  next_run: command(
    'Tells when a workflow runs next.',
    'read',
    [
      ...asked('when (does|will)', '(run|start) [next|again]'),
      ...asked('when is', '(due|run|started) [next|again]'),
      ...named('when is the next run of'),
    ],
    [
      'when is the report workflow going to run',
      'at what time does my evening automation start',
      'how long until the cleanup workflow runs again',
      'what is the next time of the newsletter workflow',
      'is the morning routine due soon',
    ],
    { ...about_one, ...must_be_said },
  ),
  why_failed: command(
    'Tells why a workflow failed.',
    'read',
    [
      ...asked('why did', `${FAILING} [{period}]`),
      ...asked('why (has|is)', '(failed|failing|broken) [{period}]'),
      ...named('what went wrong (with|in)', '[{period}]'),
      ...named('what is wrong with'),
    ],
    [
      'what was the error of the report workflow',
      'for what reason did my evening automation fail',
      'tell me why the cleanup workflow broke',
      'what made the newsletter workflow fail',
      'explain the failure of the morning routine',
    ],
    { ...about_one_then, ...must_be_said },
  ),
  did_run: command(
    'Tells whether and when a workflow ran.',
    'read',
    [
      ...asked('(did|has)', 'run [{period}]'),
      ...asked('when did', '[last] run'),
      ...asked('did', '(work|fail|succeed|finish) [{period}]'),
      ...asked('how did', '(go|do) [{period}]'),
      ...asked('how is', '(doing|going)'),
    ],
    [
      'has the report workflow already run',
      'did my automation run this morning',
      'when was the cleanup workflow last executed',
      'was the newsletter workflow successful',
      'has my evening routine been run yet',
    ],
    { ...about_one_then, ...must_be_said },
  ),
  what_ran: command(
    'Tells which workflows ran.',
    'read',
    [
      'what ran [{period}]',
      'what has run [{period}]',
      'what was run [{period}]',
      'what did you run [{period}]',
      '(what|which) workflows [have] (ran|run|were run) [{period}]',
    ],
    [
      'which automations ran today',
      'tell me what workflows were executed',
      'what has been running automatically since yesterday',
      'list the workflow runs of today',
      'how many workflows ran this week',
    ],
    about_time,
  ),
  what_failed: command(
    'Tells which workflows failed.',
    'read',
    [
      '(what|which) workflows [have] (failed|went wrong) [{period}]',
      'which of my workflows [have] (failed|went wrong) [{period}]',
      '(did|has) (any workflow|any of my workflows) (fail|failed|go wrong|gone wrong) [{period}]',
      'did any workflows fail [{period}]',
    ],
    [
      'did one of my automations fail',
      'were there any failed workflows',
      'which workflow runs ended in an error',
      'did a workflow break overnight',
      'show me the workflow errors',
    ],
    about_time,
  ),
  approve_run: command(
    'Lets a workflow that waits for your approval go on.',
    // Nobody's yes is guessed: what only resembles one is asked about, as with what removes something.
    'destructive',
    [
      'approve [it|that|this]',
      'yes (go on|continue|approve it|approved)',
      `(approve|go on with|continue) (the|this|that) (run|step|${KIND})`,
      ...named('(approve|go on with)'),
      `let [the|my] {name} ${KIND} (go on|continue|proceed)`,
    ],
    [
      'I approve the waiting workflow',
      'the workflow may go on',
      'you have my approval for the workflow run',
      'give the waiting run my approval',
      'let the waiting workflow continue',
    ],
    about_one,
  ),
  decline_run: command(
    'Refuses what a workflow waits for your approval of.',
    'destructive',
    [
      '(decline|reject|refuse|disapprove) [it|that|this]',
      'do not approve [it|that|this]',
      `(decline|reject|refuse) (the|this|that) (run|step|${KIND})`,
      ...named('(decline|reject|refuse|do not approve)'),
    ],
    [
      'I do not approve the waiting workflow',
      'the workflow must not go on',
      'deny the waiting run my approval',
      'reject what the workflow asks for',
      'no approval for that workflow run',
    ],
    about_one,
  ),
}
