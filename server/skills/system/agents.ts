import { Type } from 'typebox'
import { shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { command } from './command.ts'

/** An agent that listens is said as `known`; as `agent` it is whatever stands beside the word, also one that is off. */
const which = {
  agent: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  known: Type.Optional(Type.Integer()),
}
const about_one = {
  parameters: shape(which),
  slots: { agent: 'text', known: 'agent' },
  questions: { agent: 'Which agent?' },
  needsOne: ['agent', 'known'],
} as const
const renaming = {
  parameters: shape({ ...which, name: Type.String({ minLength: 1, maxLength: 80 }) }),
  slots: { ...about_one.slots, name: 'text' },
  questions: { ...about_one.questions, name: 'What should it be called?' },
  needsOne: about_one.needsOne,
} as const

/** Which one is asked: nothing is done to all of them at once. */
const EVERY = {
  '(delete|remove|erase|get rid of) (all|every|both) [of] [the|my|your] (agent|agents)': {
    agent: 'all',
  },
  '(delete|remove|erase|wipe|kill|get rid of) (the|my|your|these|those) agents': { agent: 'all' },
} as const

const EVERY_OFF = {
  '(turn|switch) all [of] [the|my|your] agents off': { agent: 'all' },
  '(turn|switch) off all [of] [the|my|your] agents': { agent: 'all' },
  '(disable|deactivate|pause) all [of] [the|my|your] agents': { agent: 'all' },
} as const

/** What can be said of how agents are set up. */
export const agent_commands: Readonly<Record<string, Action>> = {
  rename_agent: command(
    'Gives an agent another name.',
    'write',
    [
      'rename [the|my] agent {agent} [to|as|into] {name}',
      'rename {known:agent_name} [to|as|into] {name}',
      // Without a name it is asked for: "to" is none.
      'rename [the|my] agent {agent} [to|as|into]',
      'rename {known:agent_name} [to|as|into]',
      // Who names none that there is hears which there are.
      'rename {agent} (to|as|into) {name}',
      '(call|name) [the|my] agent {agent} {name} (from now on|instead)',
      '(change|set) the name of [the|my] agent {agent} to {name}',
      '(change|set) the name of {known:agent_name} to {name}',
      '(call|name) {known:agent_name} {name} (from now on|instead)',
    ],
    [
      'I want agent 3 to be called planner',
      'give agent two another name: diary',
      'agent 20 should be named butler',
      'let us rename the calculator',
      'the notes agent needs a new name',
    ],
    renaming,
  ),
  switch_agent_on: command(
    'Switches an agent on.',
    'write',
    [
      '(turn|switch) [the|my] agent {agent} [back] on [again]',
      '(turn|switch) [back] on [the|my] agent {agent}',
      '(enable|activate|reactivate|wake up) [the|my] agent {agent} [again]',
      '(turn|switch) {known:agent_name} [back] on [again]',
      '(turn|switch) [back] on {known:agent_name} [again]',
      '(enable|activate|reactivate) {known:agent_name} [again]',
    ],
    [
      'agent 4 may work again',
      'put agent 7 back to work',
      'let the watcher agent run again',
      'I need agent 9 again',
      'agent 12 has rested long enough',
    ],
    about_one,
  ),
  switch_agent_off: command(
    'Switches an agent off.',
    'write',
    [
      '(turn|switch) [the|my] agent {agent} off [for now]',
      '(turn|switch) off [the|my] agent {agent} [for now]',
      '(disable|deactivate|pause) [the|my] agent {agent} [for now]',
      '(turn|switch) {known:agent_name} off [for now|again]',
      '(turn|switch) off {known:agent_name} [for now|again]',
      '(disable|deactivate) {known:agent_name} [for now]',
      ...Object.keys(EVERY_OFF),
    ],
    [
      'agent 4 should not work any more',
      'I do not need agent 7 for now',
      'let the watcher agent rest',
      'agent 9 has to pause',
      'stop agent 12 from doing anything',
    ],
    { ...about_one, presets: EVERY_OFF, ends: true },
  ),
  delete_agent: command(
    'Deletes an agent.',
    // It always asks first.
    'read',
    [
      '(delete|remove|get rid of) [the|my] agent {agent}',
      '(delete|remove) [the|my] agent (called|named) {agent}',
      ...Object.keys(EVERY),
    ],
    [
      'agent 20 can go',
      'I want to get rid of one of my agents',
      'throw agent 25 away',
      'we need agent 30 no longer',
      'take agent 21 out for good',
      'erase each of those agents',
      'I no longer want any agents, delete them',
    ],
    // "The first one" of a list is hardly one.
    { ...about_one, presets: EVERY, ends: true, never: /^(?!.*\bagents?\b)/ },
  ),
}
