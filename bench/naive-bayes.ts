/** The simplest method that is not foolish: the control of the language benchmark. */
export interface NaiveBayes {
  /** The best label and its probability. */
  classify(text: string): { label: string; probability: number }
}

/** Multinomial naive Bayes over words with add-one smoothing. */
export function trainNaiveBayes(
  examples: readonly { readonly text: string; readonly label: string }[],
): NaiveBayes {
  const counts = new Map<string, { words: Map<string, number>; total: number; texts: number }>()
  const vocabulary = new Set<string>()
  for (const { text, label } of examples) {
    const count = counts.get(label) ?? { words: new Map<string, number>(), total: 0, texts: 0 }
    counts.set(label, count)
    count.texts += 1
    for (const word of wordsOf(text)) {
      vocabulary.add(word)
      count.words.set(word, (count.words.get(word) ?? 0) + 1)
      count.total += 1
    }
  }
  const classify = (text: string): { label: string; probability: number } => {
    const words = wordsOf(text).filter((word) => vocabulary.has(word))
    const ranked = [...counts]
      .map(([label, count]) => {
        const likelihoods = words.map(
          (word) => (1 + (count.words.get(word) ?? 0)) / (count.total + vocabulary.size),
        )
        return { label, score: likelihoods.reduce((sum, one) => sum + Math.log(one), Math.log(count.texts)) }
      })
      .toSorted((a, b) => b.score - a.score)
    const best = ranked[0] ?? { label: '', score: 0 }
    return {
      label: best.label,
      probability: 1 / ranked.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0),
    }
  }
  return { classify }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
}
