import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { command } from './command.ts'
import { KIND, KINDS, Said, about_one, must_be_said, named } from './workflows.ts'

const about_one_then = {
  ...about_one,
  parameters: shape({ workflow: Said, name: Said, period: Said }),
  slots: { ...about_one.slots, period: 'period' },
} as const
const about_time = { parameters: shape({ period: Said }), slots: { period: 'period' } } as const

/** Days that lie ahead; which one was said is read from the sentence. */
const DAY =
  '[for] (today|tonight|tomorrow|this evening|this afternoon|tomorrow morning|tomorrow evening|this week|next week|next)'
const FAILING = '(fail|break|go wrong|not work|not run|stop working)'

/** What failed last, whatever that was. */
const LAST_ONE = {
  [`why did (it|that|this|the last one|the last run) ${FAILING} [{period}]`]: { name: 'it' },
  'why (has|is) (it|that|this) (failed|failing|broken)': { name: 'it' },
  'what was (wrong|the error|the reason|the problem|the cause) [of|with] [it|that|this|the failure]': {
    name: 'it',
  },
  'what went wrong with (it|that|this)': { name: 'it' },
} as const

/** The phrases of a question with the name before or after the word "workflow", between its verbs. */
function asked(before: string, after: string): string[] {
  return [`${before} [the|my] {name} ${KIND} ${after}`, `${before} [the|my] ${KIND} {name} ${after}`]
}

/** Who asks what waits has answered nothing. */
const ASKED = /^(?:what|which|who|whose|is|are|does|do)\b(?! not\b)/

/** What can be said of the runs of workflows: when they come, how they went, and what they wait for. */
export const run_commands: Readonly<Record<string, Action>> = {
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
      ...Object.keys(LAST_ONE),
    ],
    [
      'what was the error of the report workflow',
      'for what reason did my evening automation fail',
      'tell me why the cleanup workflow broke',
      'what made the newsletter workflow fail',
      'explain the failure of the morning routine',
    ],
    { ...about_one_then, ...must_be_said, presets: LAST_ONE },
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
  list_runs: command(
    'Tells of the last runs of a workflow.',
    'read',
    [
      ...named('(show|list) me the last (run|runs) of'),
      ...named('(show|list) [me] the (history|runs) of').map((one) => one.replace(' [called|named]', '')),
    ],
    [
      'how did the last few runs of the report workflow go',
      'what is the history of my evening automation',
      'give me the runs of the cleanup workflow so far',
      'list when the newsletter workflow ran',
      'the past runs of the morning routine',
    ],
    { ...about_one, ...must_be_said },
  ),
  coming_runs: command(
    'Tells which workflows run next.',
    'read',
    [
      `what (runs|will run|is going to run|is scheduled|is due) ${DAY}`,
      `which ${KINDS} (run|will run|are going to run|are scheduled|are due) ${DAY}`,
      `when do my ${KINDS} run [next]`,
      `what (runs|will run) next`,
      `(what|which) workflow (runs|will run|is) next`,
    ],
    [
      'what is going to run by itself tomorrow',
      'tell me which automations are due this evening',
      'what will be started automatically tonight',
      'which of my workflows come up in the next hours',
      'the schedule of my workflows for tomorrow',
    ],
    about_time,
  ),
  what_ran: command(
    'Tells which workflows ran.',
    'read',
    [
      'what ran [{period}]',
      'what did (the|my) (workflows|automations) do [{period}]',
      '(what|which workflow|which workflows) ran last',
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
    'Tells what failed: workflows, and what agents were asked besides.',
    'read',
    [
      'what [else] [has|have] (failed|gone wrong|went wrong|broken) [{period}]',
      '(did|has) (anything|something) (fail|failed|go wrong|gone wrong|break|broken) [{period}]',
      'what (errors|failures|problems) (were there|have there been|did i get|happened) [{period}]',
      '(were|are|have) there [been] [any] (errors|failures) [{period}]',
      'what did not work [{period}]',
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
      'what went wrong today',
      'what errors did I get yesterday',
      'did anything fail while I was asleep',
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
    { ...about_one, never: ASKED },
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
    { ...about_one, ends: true, never: ASKED },
  ),
}
