import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { keyPhrases } from './prose/phrases.ts'

const LIMIT_DEFAULT = 10

export const keywords = action({
  summary: 'Finds the terms that a text is about.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
  result: shape({ keywords: Type.Array(Type.String()) }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage', limit: 'number' },
  questions: { text: 'Which text should I take the keywords from?' },
  phrases: [
    'keywords {text}',
    '[the] keywords (of|in|from|for) [this|the following] [text|passage|paragraph|article] {text}',
    '(find|extract|list|give me) [the] (keywords|key terms|key phrases) (of|in|from) (this|the following) {text}',
    '(find|extract|list|give me) {limit} (keywords|key words|key terms|tags) (in|from|for) (this|the following) [text] {text}',
    '(pull|pick) [out] [the] {limit} (keywords|most important words|tags) (from|of) [this|this text] {text}',
    'what are the (keywords|key terms|key words|main topics) (in|of) (this|the following) {text}',
    'which words (matter|count) most [here|in this] {text}',
    'what topics (does this|come up in this) [text|passage|article] [mention] {text}',
    'tag (this|the following) (text|article|note) {text}',
  ],
  examples: [
    'extract the keywords from this text',
    'what is this paragraph about in a few terms',
    'give me five tags for the following article',
    'key phrases please: The harbour gets a new crane. Old cranes are sold for scrap.',
    'list the important terms in here',
    'find keywords for this blog post',
    'which topics come up in the text below',
    'I need search terms for this abstract',
    'pick the words that stand out',
    'suggest some labels for this note',
    'top three keywords of this: Rye bread needs sourdough. Sourdough needs time and warmth.',
    'what words would you index this page under',
    'pull out the main concepts',
    'tag this article for me',
    'show me the subject words of the passage',
    'most meaningful words in what I pasted',
  ],
  perform: (_can, { text, limit = LIMIT_DEFAULT }) => {
    const found = keyPhrases(text, limit)
    if (found.length === 0) throw new ActionError('I found no keywords in that text.')
    return { data: { keywords: found }, text: `The keywords are ${sayList(found)}.` }
  },
})
