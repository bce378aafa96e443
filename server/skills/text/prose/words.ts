/** Words that carry structure rather than subject, in English. */
const STOP_WORDS = new Set(
  (
    'a about above after again against all almost already also although always am among an and another any anyone ' +
    'anything are aren around as at away back be became because become been before being below between both but by ' +
    'came can cannot come could couldn did didn do does doesn doing don done down during each either else enough even ' +
    'ever every everyone everything few first for from further get gets getting give given go goes going gone got had ' +
    'hadn has hasn have haven having he her here hers herself him himself his how however i if in indeed instead into ' +
    'is isn it its itself just keep last later least less let like ll made make makes many may maybe me might mine more ' +
    'most much must my myself near neither never next no nobody none nor not nothing now of off often on once one only ' +
    'onto or other others our ours ourselves out over own perhaps put quite rather re really said same saw say says see ' +
    'seem seems seen shall she should shouldn since so some somebody someone something soon still such take taken than ' +
    'that the their theirs them themselves then there these they thing things this those though through thus to today ' +
    'together told too took toward towards two under until unto up upon us use used uses using ve very via was wasn way ' +
    'we well went were weren what whatever when where whether which while who whole whom whose why will with within ' +
    'without won would wouldn yes yet you your yours yourself yourselves'
  ).split(' '),
)

/** The words of a text in lower case; an apostrophe inside stays. */
export function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*/gu) ?? []
  )
}

/** Whether a word in lower case says nothing about the subject of a text. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.replace(/'.*$/, '')) || word.length < 2
}

/** One form for the singular and plural of a word, so that "bridges" counts as another "bridge". */
export function stem(word: string): string {
  const bare = word.replace(/'s?$/, '')
  if (bare.length > 4 && bare.endsWith('ies')) return `${bare.slice(0, -3)}y`
  if (bare.length > 4 && /(?:s|x|z|ch|sh)es$/.test(bare)) return bare.slice(0, -2)
  return bare.length > 3 && /[^su]s$/.test(bare) ? bare.slice(0, -1) : bare
}
