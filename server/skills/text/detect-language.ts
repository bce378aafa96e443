import { Type } from 'typebox'
import { ActionError, action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { languageName, languageOf } from './prose/language.ts'

/** Below this the answer says that it is a guess. */
const SURE_FROM = 0.55

export const detect_language = action({
  summary: 'Tells which language a text is written in.',
  parameters: shape({ text: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }) }),
  result: shape({ language: Type.String(), confidence: Type.Number() }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage' },
  questions: { text: 'Which text do you mean?' },
  phrases: [
    '(detect|identify|recognise|guess) [the] language [of] [this|the following] [text|sentence] {text}',
    '(what|which) language is (this|it|that) [text|sentence|written in] {text}',
    '(what|which) language (would you say|do you think) (this|it) is [written in] {text}',
    'in (what|which) language is (this|the following) [text|sentence|written] {text}',
    '(what|which) language is the (text|sentence|phrase|message) {text}',
    'language of (this|the) (text|sentence|phrase|message) {text}',
    'what are they (speaking|saying) here {text}',
    '(tell me|find out|do you know) (what|which) language this is {text}',
  ],
  examples: [
    'what language is this letter written in',
    'detect the language of the following',
    'is this Swedish or Norwegian? Jeg kommer hjem i kveld',
    'which language is "mañana por la mañana"',
    'I got a message and cannot tell what language it is',
    'identify the language: Wo ist der Bahnhof?',
    'do you recognise this language, Je ne sais pas encore',
    'can you tell if this is Portuguese',
    'what tongue is that: Kde je nádraží?',
    'name the language of this sentence',
    'she sent me "ti voglio bene", what language is it',
    'language of this text please',
    'guess the language for me - Missä on lähin kauppa',
    'where does this text come from linguistically',
    'is the following English',
    'which language are these words from',
  ],
  perform: async (_can, { text }) => {
    const found = await languageOf(text)
    if (found === undefined) throw new ActionError('I cannot tell the language of that text.')
    const name = languageName(found.language)
    return {
      data: found,
      text: found.confidence >= SURE_FROM ? `That is ${name}.` : `That may be ${name}, but I am not sure.`,
    }
  },
})
