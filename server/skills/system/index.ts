import { Type } from 'typebox'
import { shape } from '../skill.ts'
import type { Skill } from '../skill.ts'
import { agent_commands } from './agents.ts'
import { command } from './command.ts'
import { gallery_commands } from './gallery.ts'
import { run_commands } from './runs.ts'
import { workflow_commands } from './workflows.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

const OFF = {
  'how many [of my] (workflows|automations) are [switched|turned] (off|disabled|inactive|paused)': {
    state: 'off',
  },
  'what is (off|paused|switched off|turned off)': { state: 'off' },
  'which [of my] (workflows|automations) are [switched|turned] (off|disabled|inactive|paused)': {
    state: 'off',
  },
  'what workflows are [switched|turned] off': { state: 'off' },
  '(list|show) [me] [the|my|all] (inactive|disabled|paused) (workflows|automations)': { state: 'off' },
} as const
const ON = {
  'how many [of my] (workflows|automations) are [switched|turned] (on|enabled|active)': { state: 'on' },
  'which [of my] (workflows|automations) are [switched|turned] (on|enabled|active)': { state: 'on' },
  'what workflows are [switched|turned] on': { state: 'on' },
  '(list|show) [me] [the|my|all] (active|enabled) (workflows|automations)': { state: 'on' },
} as const

/** Agent 0: what can be said to the system as a whole (understanding.md, tier 2). It is never stored. */
export const system: Skill = {
  name: 'system',
  agent: { number: 0, name: 'System', description: 'Commands to the system as a whole.' },
  needs: [],
  phrases: { de: german, es: spanish },
  actions: {
    status: command(
      'Tells what is going on.',
      'read',
      [
        'status',
        '[system] status [report]',
        'what is (going on|running|happening) [right now]',
        'what are you doing [right now]',
        'what (is|are) [still] running [now|right now|at the moment]',
        '(is|are) (anything|something|any workflow|any workflows|any agents) [still] running [now|right now|at the moment]',
        '(what|which) (workflows|automations|agents) are [still] running [now|right now|at the moment]',
        'what (runs|is running) (now|right now|at the moment)',
        'what (is waiting|waits) [for (me|approval|my approval)]',
        '(is|does) (anything|something) (waiting|wait) for (me|approval|my approval)',
      ],
      [
        'what are you working on',
        'is anything running at the moment',
        'are you busy',
        'give me a quick status update',
        'how far along are my agents',
        'anything in progress right now',
        'what are my agents up to',
        'show current activity',
        'is something still running',
        'tell me what is being executed',
        'what is keeping you busy',
      ],
    ),
    list_agents: command(
      'Lists the agents.',
      'read',
      [
        'list [all] [my|the] agents',
        'list_agents',
        '(show|tell) me [all] [my|the] agents',
        'what agents [do i have|are there]',
        'which agents [do i have|are there]',
        'who are my agents',
      ],
      [
        'which agents are available',
        'who can help me here',
        'name all your agents',
        'what agents have I got',
        'show me everyone on the team',
        'give me an overview of my agents and their numbers',
        'how many agents do I have',
        'remind me which agent is which',
        'what numbers do my agents have',
        'who works for me',
      ],
    ),
    list_workflows: command(
      'Lists the workflows.',
      'read',
      [
        'list [all] [my|the] workflows',
        'list_workflows',
        '(show|tell) me [all] [my|the] workflows',
        '(what|which|how many) workflows [do i have|are there]',
        ...Object.keys(OFF),
        ...Object.keys(ON),
      ],
      [
        'what automations have I set up',
        'show me my automations',
        'do I have any workflows',
        'which workflows are active',
        'what runs automatically',
        'give me the list of automations',
        'how many workflows are there',
        'are there any workflows yet',
      ],
      {
        parameters: shape({ state: Type.Optional(Type.Enum(['on', 'off'])) }),
        slots: { state: 'word' },
        presets: { ...OFF, ...ON },
      },
    ),
    stop: command(
      'Stops everything that runs.',
      'write',
      [
        'stop [it|that|everything|now|all|please]',
        'halt [everything]',
        'abort [everything|it|that]',
        'cancel everything [that is running]',
        'stop (all|every) [of] [my|the] [running] (workflows|automations|runs)',
        'stop (what you are doing|all agents|all executions|right there)',
        'enough',
        'shut up',
      ],
      [
        'quit what you are doing',
        'hold on, stop that at once',
        'stop whatever is running',
        'make it all stop',
        'kill all running tasks',
        'drop whatever you are working on',
        'abort the current job',
        'cease all activity',
        'hold everything',
        'whoa stop right now',
      ],
      {
        ends: true,
        // All that runs is stopped at once, and by a word for it.
        never:
          /^(?!.*\b(?:stop|halt|abort|cancel|quit|kill|drop|cease|hold|whoa|enough|shut|end|freeze|quiet|silence|interrupt|pause|terminate)\b)|\b(?:on|at|from|until|till|for|next) (?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|an? (?!moment|second|minute|while))|\b(?:tomorrow|tonight)\b/,
      },
    ),
    undo: command(
      'Takes back what was done last.',
      // What is only like an order to take something back is asked about, as with what removes something.
      'destructive',
      [
        'undo [it|that|this|the last (thing|action|change|one|step)]',
        'take (it|that|this) back',
        'revert [that|it|the last change]',
        'reverse that',
      ],
      [
        'oops that was wrong, take it back',
        'that was a mistake, put it back',
        'can you undo what you just did',
        'roll that back',
        'I did not mean that, revert it',
        'go back one step',
        'scratch that last one',
        'undo my last command',
        'bring back what I just deleted',
        'put things back the way they were',
      ],
      { ends: true },
    ),
    redo: command(
      'Does again what was undone.',
      'destructive',
      [
        'redo [it|that|this|the last (thing|action|change|one)]',
        'do (it|that) again [after all]',
        'undo the undo',
        'reapply (it|that|the change)',
      ],
      [
        'actually I did want that, do it again',
        'put the change back in',
        'bring back the thing I undid',
        'reinstate what you undid',
        'restore what I just undid',
        'on second thought redo that',
        'apply that change once more',
      ],
    ),
    explain_routing: command(
      'Explains why the last sentence went to that agent.',
      'read',
      [
        'explain [the|that|your] routing',
        'explain_routing',
        'why did (that|it|this) go to [agent] {agent}',
        'why (that|this) agent',
        'why did you (do|choose|pick|use) that',
      ],
      [
        'why did you send that to the notes agent',
        'how did you decide who handles this',
        'what made you pick that agent',
        'explain why agent 4 answered',
        'why was this routed there',
        'how come the data agent got my request',
        'what was your reasoning for choosing that agent',
        'how sure were you about that choice',
      ],
    ),
    health: command(
      'Tells how the system is.',
      'read',
      [
        'health',
        '[system] health [check|report]',
        'how (healthy|well) are you',
        'are you (ok|okay|well|healthy)',
        'is everything (ok|okay|fine|working|alright)',
        'how are you',
      ],
      [
        'is the system running fine',
        'any problems with the server',
        'how much memory are you using',
        'run a health check',
        'is anything broken',
        'how is the server doing',
        'are all systems go',
        'how long have you been up',
        'is the disk getting full',
        'give me a health report',
      ],
    ),
    what_changed: command(
      'Tells what was changed lately.',
      'read',
      [
        'what (changed|has changed|was changed) [lately|recently|today|yesterday|this week|last week|since yesterday|this month]',
        'what_changed',
        'what did you change',
        '(show|list) [me] [the] [recent|latest|last] changes',
      ],
      [
        'what is different since yesterday',
        'which settings were modified',
        'tell me about recent modifications',
        'did anything change lately',
        'what was altered in the configuration',
        'show the change history',
        'has anybody changed something',
        'what have you modified this week',
      ],
    ),
    ...agent_commands,
    ...workflow_commands,
    ...run_commands,
    ...gallery_commands,
  },
}
