import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { lengthOf } from './prose/length.ts'

export const count = action({
  summary: 'Counts the words, characters and sentences of a text.',
  parameters: shape({ text: Type.String({ maxLength: TEXT_CHARACTERS_MAX }) }),
  result: shape({ words: Type.Integer(), characters: Type.Integer(), sentences: Type.Integer() }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage' },
  questions: { text: 'Which text should I count?' },
  phrases: [
    'count [the] (words|characters|letters|sentences) (in|of) [this|the following] [text|passage|sentence] {text}',
    'count (this|the following) [text] {text}',
    '(word|character|letter|sentence) count [of|for|in] [this|the following] [text] {text}',
    '[the] number of (words|characters|letters|sentences) (in|of) [this|the following] [text] {text}',
    '[the] number of (words|characters|letters|sentences) (here|please) {text}',
    'how many (words|characters|letters|sentences) (are|are there) (in|here) [this] [text|passage|sentence] {text}',
    'how many (words|characters|letters|sentences) (does|do) (this|these) [text|passage|sentence|lines] have {text}',
    'how many (words|characters|letters|sentences) have i (written|used) [here|in this] {text}',
    'how long is (this|the following) [text|tweet|message|paragraph|sentence] {text}',
    '[what is|tell me] the length of (this|it|the following) [text|message] {text}',
  ],
  examples: [
    'count the words in this text',
    'how many letters does this sentence have',
    'what is the word count of my essay: Rain makes mud. Mud makes work.',
    'how long is this paragraph',
    'number of characters please',
    'does this fit in 280 characters? Heading north tomorrow, wish us luck',
    'tell me how many sentences I wrote',
    'word count for the following',
    'is my cover letter longer than 300 words',
    'measure the length of this message',
    'how many words is "to be or not to be"',
    'check the size of this text for me',
    'count characters: lighthouse keeper',
    'how many words did I use here - every good boy does fine',
    'letters in this headline please',
    'length of the paragraph below in words',
  ],
  perform: (_can, { text }) => {
    const data = lengthOf(text)
    const parts = [
      say(data.words, 'word'),
      say(data.characters, 'character'),
      say(data.sentences, 'sentence'),
    ]
    return { data, text: `That is ${sayList(parts)}.` }
  },
})

function say(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}
