import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayChoice } from '../say.ts'
import { action, shape } from '../skill.ts'

const CANDIDATES_MAX = 3

export const clarify = action({
  summary: 'Asks which of several things you mean.',
  parameters: shape({ text: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })) }),
  result: shape({
    question: Type.String(),
    candidates: Type.Array(
      shape({ target_agent: Type.Integer(), action: Type.String(), confidence: Type.Number() }),
    ),
  }),
  effect: 'read',
  slots: { text: 'text' },
  phrases: [
    'clarify',
    'clarify [what you mean|that|your question|the question] [you just asked]',
    'clarify: {text}',
    'that is not what i (meant|said|asked|wanted)',
    'i (did not mean|do not mean) that',
    '[no] i meant (something else|the other one|another one)',
    '[sorry] you [have] misunderstood [me]',
    'you got (me|that) wrong',
    'what (do|did) you mean',
    'what [exactly] are you asking [me]',
    'what do you (need|want) to know [from me]',
  ],
  examples: [
    'no, that is wrong, I wanted something else',
    'you did not get me',
    'this is not what I asked for',
    'I do not understand your question',
    'ask me again please',
    'wrong one, I meant another',
    'which details are missing',
    'could you be clearer about what you want from me',
    'hm no, not that',
    'what did you understand',
    'I said something different',
    'that was not the one I meant',
    'you are confusing two things',
    'be more specific about your question',
    'what is it that you want me to tell you',
    'not quite what I was after',
  ],
  perform: async (can: Pick<Capabilities, 'guide'>, { text }) => {
    const candidates = text === undefined ? [] : await likely(can, text)
    const names = new Map((await can.guide.agents()).map(({ agent_number, name }) => [agent_number, name]))
    const ways = candidates.map(
      ({ target_agent, action: name }) =>
        `"${name.replaceAll('_', ' ')}" by ${names.get(target_agent) ?? 'the system'}`,
    )
    const question =
      ways.length === 0
        ? 'Please say it in other words, or say "help" to hear what I can do.'
        : `Do you mean ${sayChoice(ways)}?`
    return { data: { question, candidates }, text: question }
  },
})

/** The best meanings of a sentence, different ones, best first. */
async function likely(can: Pick<Capabilities, 'guide'>, text: string) {
  const { alternatives, target_agent, action: name, confidence } = await can.guide.route(text)
  const best = target_agent === null ? [] : [{ target_agent, action: name, confidence }]
  const all = [...best, ...alternatives].map((one) => [`${one.target_agent} ${one.action}`, one] as const)
  const once = new Map(all.toReversed())
  return [...once.values()].toSorted((a, b) => b.confidence - a.confidence).slice(0, CANDIDATES_MAX)
}
