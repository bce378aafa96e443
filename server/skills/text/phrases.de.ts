import type { Phrases } from '../skill.ts'

const TEXT =
  '[dieser|der|mein|folgenden|folgendes|das] [text|artikel|absatz|mail|e-mail|nachricht|abschnitt|satz]'
const UNIT = '(wörter|worte|zeichen|buchstaben|sätze)'
const PRIVATE =
  '(persönlichen daten|privaten daten|persönliche daten|private daten|telefonnummern|mailadressen|e-mail adressen|kartennummern|namen)'

/** What is said of texts, in German. */
export const german: Phrases = {
  summarise: [
    `(mach|gib|erstelle) [mir] ein (kurzfassung|inhaltsangabe) [von|aus|zu] ${TEXT} {text}`,
    `(was steht|was ist das wichtigste|was sind die kernaussagen|was ist der kern) [in|aus|von] ${TEXT} {text}`,
    '(fasse|fass) [mir|bitte] kurz zusammen {text}',
    `(fasse|fass) ${TEXT} in {sentences} (sätzen|satz) {text}`,
    `(fasse|fass) [mir] ${TEXT} [kurz] zusammen {text}`,
    `(fasse|fass) [mir] ${TEXT} in {sentences} (satz|sätzen) zusammen {text}`,
    `(fasse|fass) zusammen {text}`,
    `${TEXT} zusammenfassen {text}`,
    `(kürze|verkürze) ${TEXT} [auf {sentences} (satz|sätze)] {text}`,
    '(gib|mach|schreib|erstelle) [mir] ein [kurze] zusammenfassung [von|des|der] [diesem|dieses|diesen] [text|textes|artikels] {text}',
    '[eine] [kurze] zusammenfassung [von|des] {text}',
    'worum geht es (hier|in diesem text|im text|im folgenden) {text}',
    '(kurz gesagt|in kürze|kurzfassung) {text}',
  ],
  keywords: [
    `[der] (stichwörter|stichworte|schlüsselwörter|schlagwörter|schlagworte|keywords) (aus|von|für|zu|in) ${TEXT} {text}`,
    `(finde|nenne|zeig|gib|extrahiere|such) [mir] [der] (stichwörter|stichworte|schlüsselwörter|schlagwörter|keywords|wichtigsten wörter) [aus|von|für|zu|in] ${TEXT} {text}`,
    `(finde|nenne|zeig|gib|extrahiere|such) [mir] [der] {limit} (stichwörter|stichworte|schlüsselwörter|schlagwörter|keywords|wichtigsten wörter) [aus|von|für|zu|in] ${TEXT} {text}`,
    `(welche|was sind die) (stichwörter|stichworte|schlüsselwörter|schlagwörter|keywords|wichtigsten wörter|themen) [sind|stehen|hat|kommen] [in|aus|von] ${TEXT} [vor] {text}`,
    `verschlagworte ${TEXT} {text}`,
    '(stichwörter|schlüsselwörter|schlagwörter|keywords) {text}',
  ],
  diff: [
    '(vergleiche|vergleich) (der|diese) [beiden] (texte|sätze|versionen|fassungen) {before} (und|mit) {after}',
    'was ist der unterschied zwischen (der|diesen) [beiden] (texten|sätzen|versionen|fassungen) {before} und {after}',
    '(zeig|finde|nenn) [mir] (der) (unterschiede|änderungen) zwischen {before} und {after}',
    'was hat sich geändert alt {before} neu {after}',
    'vergleiche (den alten text|die alte fassung|die erste version) {before} mit (dem neuen text|der neuen fassung|der zweiten version) {after}',
    'was unterscheidet (die texte|die sätze|die versionen) {before} (und|von) {after}',
  ],
  replace: [
    '(ersetze|tausche) [alle|jedes|jeden|überall] {find} (durch|gegen|mit) {with} in [dem text|diesem text|folgendem text|dem satz|diesem satz] {text}',
    '(ersetze|tausche) (in diesem text|im text|in dem text|in folgendem text|in diesem satz|im folgenden) [alle|jedes|jeden] {find} (durch|gegen|mit) {with} {text}',
    '(ersetze|tausche) [alle|jedes|jeden] {find} (durch|gegen|mit) {with} {text}',
    '(ändere|mach) [alle|jedes|jeden] {find} (in|zu) {with} (im text|in diesem text|in dem text|hier) {text}',
    '(mach|schreib) aus {find} {with} (im text|in diesem text|in dem text|hier) {text}',
    '(suche|finde) {find} und ersetze [es|das] durch {with} [in] {text}',
    '{find} durch {with} ersetzen [in] {text}',
  ],
  fill_template: [
    '(fülle|füll) [der|diese|mein] vorlage [aus] {template} mit {values} [aus]',
    '(fülle|füll) [der|diese|mein] vorlage (aus|mit) {values} {template}',
    '(setze|trage|füge) [der] [werte] {values} in [der|diese] vorlage {template} [ein]',
    '[der] vorlage {template} (ausfüllen|füllen) mit {values}',
    '[der|mein] vorlage ist {template} [und] die werte sind {values}',
    'ersetze die platzhalter in {template} (mit|durch) {values}',
  ],
  count: [
    `(zähle|zähl) wie viele ${UNIT} ${TEXT} (hat|enthält) {text}`,
    `wie viele ${UNIT} (sind|stehen) (hier|da|darin) {text}`,
    `(wie viele|wie viel|wieviele) ${UNIT} (hat|haben|enthält|sind in|stehen in|umfasst) ${TEXT} {text}`,
    `(zähle|zähl) [mir] [der] ${UNIT} (in|von|des|aus|im) ${TEXT} {text}`,
    `(zähle|zähl) ${TEXT} {text}`,
    `(zähle|zähl) [der] ${UNIT} {text}`,
    `[der] (anzahl|zahl) der ${UNIT} (in|von|im) ${TEXT} {text}`,
    `(wie viele|wie viel|wieviele) ${UNIT} (sind das|hab ich [hier] geschrieben) {text}`,
    `wie lang ist ${TEXT} {text}`,
    '(wörter|worte|zeichen|buchstaben) zählen [in|im] [text] {text}',
    '(wörterzahl|wortzahl|zeichenzahl|wortanzahl) [von] {text}',
  ],
  detect_language: [
    '(auf|in) welcher sprache ist (das|dieser satz|der satz|dieser text) [geschrieben|verfasst] {text}',
    'was ist das für [eine] sprache {text}',
    `[in] (welche|welcher|was für eine) sprache (ist|spricht) (das|dies|dieser text|der text|der satz|dieser satz) [geschrieben|verfasst] [hier] {text}`,
    '[in] welcher sprache (ist|steht) {text} [geschrieben]',
    `(erkenne|erkenn|bestimme|ermittle) [der] sprache [von|des|dieses|in] ${TEXT} [textes|satzes] {text}`,
    '(welche|was für eine) sprache ist {text}',
    '[die] sprache (erkennen|bestimmen) [von] {text}',
    'sprache (von|des textes|dieses textes) {text}',
    'was für eine sprache ist das {text}',
  ],
  redact: [
    `(mach|mache) ${TEXT} (anonym|unkenntlich) {text}`,
    `(mach|mache) [alle|der] ${PRIVATE} [in] ${TEXT} unkenntlich {text}`,
    `(anonymisiere|schwärze|zensiere|maskiere) ${TEXT} {text}`,
    `(entferne|lösche|verstecke|schwärze|maskiere|nimm) [alle|der] ${PRIVATE} (aus|in|von|im) ${TEXT} [raus] {text}`,
    `(entferne|lösche|verstecke|schwärze|maskiere) [alle|der] ${PRIVATE} [hier] {text}`,
    `${TEXT} (anonymisieren|schwärzen|zensieren) {text}`,
    `(alle|der) ${PRIVATE} (aus|in|von|im) ${TEXT} (entfernen|schwärzen|löschen) {text}`,
  ],
}
