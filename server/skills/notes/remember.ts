import { Type } from 'typebox'
import { secondPerson, sentence } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { Tags, cleanTags } from './memories.ts'
import type { Can } from './memories.ts'

/** Who recalls something, or goes on with a question, does not ask for it to be kept. */
const TALK = new RegExp(
  [
    '^(?:what|where|who|which|why|how|when)\\b(?!.*(?::|\\b(?:is|are)\\b))',
    '^remember\\b|^(?:the (?:day|time|night|summer)|that (?:day|time|night)) (?:i|you|we|he|she|they|it)\\b(?!.*(?::|\\b(?:is|are)\\b))',
    '[,;] (?:who|what|when|where|why|how|which|did|does|do|is|are|was|were|can|could|would) .*(?:\\?|\\b(?:that|this|it|them))$',
    '\\?$|^you\\b',
    // What is said of manners, words and greetings is said to people.
    '^your\\b|^(?:me|us|him|her|them) to\\b|^(?:my|these|those|what (?:i|we)) (?:words?|say|said)\\b',
  ].join('|'),
  'iu',
)

export const remember = action({
  summary: 'Keeps in mind what you tell it.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: 10_000 }),
    tags: Type.Optional(Tags),
    memory_type: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  result: shape({ memory_id: Type.String() }),
  effect: 'write',
  verbatim: true,
  slots: { text: 'text', tags: 'items', memory_type: 'text' },
  questions: { text: 'What should I remember?' },
  phrases: [
    'remember [that] {text}',
    'note that {text}',
    '(take|make) a (note|memo) [that|of] {text}',
    '(take|make) a (note|memo)',
    'note to self: {text}',
    'note: {text}',
    'new note: {text}',
    'keep in mind that {text}',
    'do not forget that {text}',
    '(write|jot|note) down [that] {text}',
    '(write|jot|note) this down [somewhere]: {text}',
    'for future reference {text}',
    'save a note tagged {tags} that {text}',
    '(add|save) to my notes [that] {text}',
    '(save|add) a note [that] {text}',
    'you should know that {text}',
    '(memorise|memorize) [that|this] {text}',
  ],
  examples: [
    'remember that the bike lock code is 7302',
    'note that Karin prefers tea',
    'make a note, the landlord comes on Tuesday',
    'write this down: size 39 hiking boots',
    'keep in mind I am allergic to penicillin',
    'note to self, buy the tickets early next time',
    "don't forget that the spare key is with Ahmed",
    'I want you to remember my licence plate, it is B KL 4711',
    'save this for later: the recipe needs two eggs',
    'just so you know, my sister lives in Porto now',
    'put it in your memory that the alarm code changed',
    'my blood type is A positive, remember that',
    'jot down that the meter read 48213',
    'store the fact that the car needs winter tyres in October',
    'memorise this, the gate closes at ten',
    "take a note that Jonas' birthday is on 4 July",
    'for future reference, the printer is on the second floor',
    'I put the passports in the top drawer, keep that in mind',
    'make a memo: paint the fence green',
    'hold on to this thought: a podcast about old maps',
    'remember the hotel is called Seeblick',
    'add to my notes that the seminar was moved',
    'add the colour of the kitchen paint to my notes',
    'put the number of the plumber in my notes',
    'add the name of the wine to the notes',
  ],
  confirm: (_can: Can, { text }) =>
    Promise.resolve(TALK.test(text) ? `Shall I remember “${text.trim()}”?` : undefined),
  perform: async (can: Can, { text, tags = [], memory_type = 'note' }) => {
    const content = text.trim()
    if (content === '') throw new ActionError('What should I remember?')
    const { id } = await can.memory.store({ memory_type, content, tags: cleanTags(tags) })
    return { data: { memory_id: id }, text: sentence(`I will remember: ${secondPerson(content)}`) }
  },
})
