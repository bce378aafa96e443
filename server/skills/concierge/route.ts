import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { action, shape } from '../skill.ts'

export const route = action({
  summary: 'Tells which agent a sentence would go to, without doing it.',
  parameters: shape({ text: Type.String({ minLength: 1, maxLength: 2000 }) }),
  result: shape({
    target_agent: Type.Union([Type.Integer(), Type.Null()]),
    action: Type.String(),
    confidence: Type.Number(),
  }),
  effect: 'read',
  slots: { text: 'text' },
  questions: { text: 'Which sentence?' },
  phrases: [
    'route [this]: {text}',
    'which agent (would|will|should|could) (handle|take|do|get|answer) {text}',
    'which agent (handles|takes|does|gets|answers|deals with|takes care of) {text}',
    'which agent is (for|responsible for|in charge of) {text}',
    'what agent (would|will|should) (handle|take|do|get|answer) {text}',
    'who (would|will) (handle|get|take) the (request|sentence|command): {text}',
    'find the [right] agent for [this request|this sentence]: {text}',
    'where would you (send|route) {text}',
    '(if i said|if i say|if i typed|if i type) {text} where would it go',
  ],
  examples: [
    'which agent takes "buy more milk"',
    'who would answer if I asked for the weather',
    'where does "set an alarm" end up',
    'route the following: note that the shop closes at eight',
    'which of the agents deals with calculations',
    'to whom would you pass "summarise this text"',
    'who is responsible for my calendar',
    'tell me which agent is right for "convert 3 feet"',
    'if I say snooze, who gets it',
    'where would the sentence "tick off bread" go',
    'find out who handles timers',
    'what agent should I use for notes',
    'who takes care of lists here',
    'send this to the right one: count these words',
    'which agent understands "when am I free"',
    'would the task agent handle "call the vet"',
  ],
  perform: async (can: Pick<Capabilities, 'guide'>, { text }) => {
    const { target_agent, action: name, confidence } = await can.guide.route(text)
    const data = { target_agent, action: name, confidence }
    if (target_agent === null) return { data, text: 'I do not know which agent that is for.' }
    const agent = (await can.guide.agents()).find(({ agent_number }) => agent_number === target_agent)
    const who =
      target_agent === 0
        ? 'the system itself'
        : `agent ${target_agent}${agent === undefined ? '' : `, ${agent.name}`}`
    const sure = `I am ${Math.round(confidence * 100)} percent sure`
    return { data, text: `That is for ${who}: ${name.replaceAll('_', ' ')}. ${sure}.` }
  },
})
