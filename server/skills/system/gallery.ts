import { Type } from 'typebox'
import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { command } from './command.ts'
import { KIND, about_one, named } from './workflows.ts'

/** What can be said of workflows that are ready to be taken, and of what no sentence can do with one. */
export const gallery_commands: Readonly<Record<string, Action>> = {
  list_gallery: command(
    'Tells which workflows are ready to be taken.',
    'read',
    [
      '[what is in|show|show me|list|open] the [workflow|workflows] gallery',
      '(what|which) workflows can i (install|add|get|use|have|take) [from the gallery]',
      '(what|which) (ready made|example|sample|prepared) workflows (are there|do you have|do you know)',
      'which workflows (do you offer|are ready to use|come with it)',
      'what can i (install|add) from the gallery',
    ],
    [
      'is there a collection of ready workflows',
      'what does the gallery of workflows have',
      'show me some workflows that I could take over',
      'which automations come with this system',
      'what example workflows are on offer',
    ],
  ),
  take_workflow: command(
    'Proposes a workflow from the gallery; it is made when you agree.',
    // A proposal changes nothing: what follows from it is asked about.
    'read',
    [
      '(install|add|take|get|use|make|create|set up) [me] [the|a] {entry} from [the] [workflow] gallery',
      '(install|take over) [the|a] {entry} [workflow|automation]',
      '(install|add) [a] (workflow|something) from the gallery',
      'from the gallery (install|add|take|get) [the|a] {entry}',
    ],
    [
      'I would like the morning briefing of the gallery',
      'install the link checker workflow for me',
      'take the weekly review out of the gallery',
      'give me the habit reminder from the collection',
      'I want to have the disk watch from your examples',
    ],
    {
      parameters: shape({ entry: Type.String({ minLength: 1, maxLength: 200 }) }),
      slots: { entry: 'text' },
      questions: { entry: 'Which one? Say “show the gallery” for all of them.' },
    },
  ),
  edit_workflow: command(
    'Tells how the steps of a workflow are changed.',
    'read',
    [
      'add [a|another|one more] step to {workflow}',
      'add [a|another] step to {workflow} (that|which|to) {change}',
      '(remove|delete|drop) [the|a] [last|first] step from {workflow}',
      '(remove|delete|drop) [the] {change} step from {workflow}',
      '(change|edit) the steps of {workflow}',
      `add [a|another] step to [the|my] {name} ${KIND}`,
      ...named('(change|edit) the steps of'),
    ],
    [
      'the report workflow needs a further step',
      'put another step into my evening automation',
      'take the second step out of the cleanup workflow',
      'let the newsletter workflow do one more thing',
      'change what the morning routine does',
    ],
    {
      ...about_one,
      parameters: shape({
        workflow: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        change: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
      }),
      slots: { ...about_one.slots, change: 'text' },
    },
  ),
  rest_workflow: command(
    'Tells how a workflow is switched off for a while.',
    'read',
    [
      '(pause|suspend|snooze|stop|disable|turn off|switch off) {workflow} (until|till) {until}',
      '(pause|suspend|snooze|stop|disable|turn off|switch off) {workflow} for {length}',
      `(pause|suspend|stop) [the|my] {name} ${KIND} (until|till) {until}`,
      `(pause|suspend|stop) [the|my] {name} ${KIND} for {length}`,
      'skip [the] next run of {workflow}',
      'skip {until} run of {workflow}',
      '(skip|leave out) {workflow} {until}',
      '(pause|suspend|stop) all [of] [my|the] (workflows|automations) until {until}',
      '(pause|suspend|stop) all [of] [my|the] (workflows|automations) for {length}',
    ],
    [
      'let the report workflow rest until Monday',
      'no evening automation for two weeks please',
      'leave out the next run of the cleanup workflow',
      'my automations shall pause while I am on holiday',
      'hold the newsletter workflow until next month',
    ],
    {
      ...about_one,
      parameters: shape({
        workflow: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        until: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        length: Type.Optional(Type.Integer({ minimum: 1 })),
      }),
      slots: { ...about_one.slots, until: 'time', length: 'duration' },
    },
  ),
}
