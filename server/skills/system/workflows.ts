import { Type } from 'typebox'
import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { command } from './command.ts'

export const Said = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

/** A workflow that exists is said as `workflow`; as `name` it is whatever stands beside the word. */
export const about_one = {
  parameters: shape({ workflow: Said, name: Said }),
  slots: { workflow: 'workflow', name: 'text' },
  questions: { workflow: 'Which workflow?' },
} as const
export const must_be_said = { needsOne: ['workflow', 'name'] } as const

export const KIND = '(workflow|automation|routine)'
export const KINDS = '(workflows|automations)'
const ALL = `(every workflow|all [of] [my|the] (workflows|automations))`

/** The phrases of a verb with the name before or after the word "workflow". */
export function named(verb: string, after = ''): string[] {
  return [
    `${verb} [the|my] {name} ${KIND} ${after}`.trim(),
    `${verb} [the|my] ${KIND} [called|named] {name} ${after}`.trim(),
  ]
}

const DELETING = { [`(delete|remove) ${ALL}`]: { what: 'delete' } } as const

/** What can be said of workflows themselves. */
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
    { ...about_one, ends: true },
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
    { ...about_one, ...must_be_said, ends: true },
  ),
  rename_workflow: command(
    'Gives a workflow another name.',
    'write',
    [
      `rename [the|my] ${KIND} [called|named] {name} (to|as|into) {to}`,
      `rename [the|my] {name} ${KIND} [to|as|into] {to}`,
      `(change|set) the name of [the|my] ${KIND} {name} to {to}`,
      `(change|set) the name of [the|my] {name} ${KIND} to {to}`,
      `call [the|my] {name} ${KIND} {to} (from now on|instead)`,
      ...named('rename'),
    ],
    [
      'the report workflow needs another name',
      'I want my evening automation to be called bedtime',
      'give the cleanup workflow a new name',
      'the newsletter workflow should be named post',
      'let us rename one of my workflows',
    ],
    {
      parameters: shape({
        workflow: Said,
        name: Said,
        to: Type.String({ minLength: 1, maxLength: 200 }),
      }),
      slots: { workflow: 'workflow', name: 'text', to: 'text' },
      questions: { workflow: 'Which workflow?', to: 'What should it be called?' },
      ...must_be_said,
    },
  ),
  reschedule_workflow: command(
    'Lets a workflow run at another time, once you have agreed.',
    // It is asked about however it was understood.
    'read',
    [
      `(make|let|have) [the|my] {name} ${KIND} (run|start) {when}`,
      `(change|move|reschedule|set) [the|my] {name} ${KIND} to {when}`,
      `(change|move|reschedule|set) [the|my] ${KIND} {name} to {when}`,
      `(change|set) the (time|schedule) of [the|my] {name} ${KIND} to {when}`,
      `(change|set) the (time|schedule) of [the|my] ${KIND} {name} to {when}`,
      ...named('reschedule'),
    ],
    [
      'the report workflow should run at another time',
      'let my evening automation start an hour later',
      'give the cleanup workflow another schedule',
      'move the newsletter workflow to the weekend',
      'I want the morning routine to run earlier',
    ],
    {
      parameters: shape({ workflow: Said, name: Said, when: Type.String({ minLength: 1, maxLength: 200 }) }),
      slots: { workflow: 'workflow', name: 'text', when: 'text' },
      questions: { workflow: 'Which workflow?', when: 'When should it run?' },
      ...must_be_said,
    },
  ),
  switch_workflows: command(
    'Switches workflows on or off one by one.',
    'read',
    [
      `(turn|switch) (off|on) ${ALL}`,
      `(turn|switch) [back] (off|on) ${ALL} again`,
      `(turn|switch) ${ALL} (off|on)`,
      `(turn|switch) ${ALL} (back|on again|back on|off again)`,
      `(pause|disable|deactivate|suspend) ${ALL}`,
      `(enable|activate|resume) ${ALL} [again]`,
      ...Object.keys(DELETING),
    ],
    [
      'no automation shall run any more for now',
      'put every workflow on hold',
      'all my automations off please',
      'let all of my routines rest',
      'everything automatic should be off',
    ],
    {
      parameters: shape({ what: Type.Optional(Type.Enum(['delete'])) }),
      slots: { what: 'word' },
      presets: DELETING,
    },
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
    { ...about_one, ...must_be_said, ends: true },
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
}
