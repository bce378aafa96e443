import { Type } from 'typebox'
import { ActionError, action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { summaryOf } from './prose/summary.ts'

export const summarise = action({
  summary: 'Shortens a text to its most telling sentences, word for word.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }),
    sentences: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
  result: shape({ summary: Type.String() }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage', sentences: 'number' },
  questions: { text: 'Which text should I summarise?' },
  phrases: [
    '(summarise|summarize) [this|the following] [text|article|passage|email|paragraph] [for me] [please] {text}',
    '(condense|shorten|sum up) (this|the following) [text|article|passage|email|paragraph] [for me] [please] {text}',
    '(summarise|summarize|condense|shorten|sum up) [this|the following|it] (in|to|into) {sentences} (sentence|sentences) {text}',
    '(boil|cut|bring) (this|the following|it) down to {sentences} (sentence|sentences) {text}',
    'give me the (gist|summary|essence) of (this|the following) in {sentences} (sentence|sentences) {text}',
    '(give me|write|make) (a|the) [short|brief|quick] (summary|gist) of [this|the following] {text}',
    'what is the (gist|main point|essence) (here|of this|of the following) {text}',
    'what does (this|it) boil down to {text}',
    '(tldr|tl;dr|in short|in brief) {text}',
    'a (short|brief|quick) summary of [this|the following] {text}',
  ],
  examples: [
    'summarise this article for me',
    'can you give me the short version of this text',
    'too long, what does it say? The ferry was late. Fog held it in port. Everyone got home by nine.',
    'sum this email up in two sentences',
    'condense the following report please',
    'I only have a minute, what is this about',
    'make that shorter, three sentences at most',
    'the gist of this passage, please',
    'write a brief summary of what I am pasting',
    'shorten it: We moved house in June. The new place has a garden. The cat likes it.',
    'key message of this letter in one line',
    'what are the essentials of this text',
    'tldr of the minutes below',
    'reduce these paragraphs to the most important sentences',
    'read this for me and tell me the main point',
    'I need an abstract of this page',
    'digest this announcement for me',
    'bring this down to four sentences',
  ],
  perform: (_can, { text, sentences }) => {
    const { summary } = summaryOf(text, sentences)
    if (summary === '') throw new ActionError('There are no sentences in that text.')
    return { data: { summary }, text: summary }
  },
})
