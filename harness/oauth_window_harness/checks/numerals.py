"""Numbers as pages write them: the digits and numerals of every script, Roman ones, and number words."""

from __future__ import annotations

import functools
import re
import unicodedata

#: The class of a digit, or of a numeral as clocks have it in Chinese and Japanese, which is no digit to Unicode.
NUMERAL = r"[\d〇零一壹壱二贰貳弐两兩三叁參参四肆五伍六陆陸七柒漆八捌九玖十拾廿卅百佰]"  # noqa: RUF001

#: Numerals to which Unicode gives no value.
_WITHOUT_VALUE = "两俩倆仨"

#: The number words of languages, as a countdown has them; compounds are made of these. Left out are those that are
#: other words of another language (on, to, fire, once).
_IN_LANGUAGES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty hundred
null ein eins eine einen einer zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
sechzehn siebzehn achtzehn neunzehn zwanzig dreißig dreissig vierzig fünfzig sechzig hundert
zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
cinquante soixante cent
cero uno una dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince dieciséis diecisiete
dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta cien
uma dois duas quatro sete oito nove dez onze doze treze catorze quinze dezesseis dezasseis dezessete dezassete
dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta cem
due tre quattro cinque sei sette otto dieci undici dodici tredici quattordici quindici sedici diciassette diciotto
diciannove venti trenta quaranta cinquanta sessanta cento
nul een één twee drie vijf zes zeven negen tien twaalf dertien veertien vijftien zestien zeventien achttien negentien
twintig dertig veertig vijftig zestig honderd
noll nul ett två tre fyra fem sex seks sju syv åtta åtte otte nio ni tio ti elva elleve tolv tretton
tretten fjorton fjorten femton femten
jeden jedna jedną dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście piętnaście
dwadzieścia trzydzieści
ноль один одна одну два две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать пятнадцать двадцать
тридцать дві чотири шість сім вісім
sıfır bir iki üç dört beş altı yedi sekiz dokuz yirmi otuz
nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas
하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열 한 두 세 네
واحد واحدة اثنان اثنتان ثانيتان ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثمان ثمانية تسع تسعة عشر عشرة
"""  # noqa: RUF001
_WORDS = frozenset(_IN_LANGUAGES.split())
#: What joins number words to one: einundzwanzig, trentadue, drieëntwintig.
_JOINTS = ("", "und", "en", "ën", "og", "och")
_ROMAN = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_WORD = re.compile(r"[^\W_]+")


def without_numbers(text: str) -> str:
    """Return the words of a text without its numbers, in figures or in words, one space between them."""
    kept = (_without_numerals(word) for word in _WORD.findall(text) if not _is_number(word))
    return " ".join(word for word in kept if word)


@functools.lru_cache(maxsize=4096)
def _is_number(word: str) -> bool:
    """Return whether a word is a number: a Roman one, a number word, or a compound of two."""
    if _ROMAN.fullmatch(word):
        return True
    small = word.casefold()
    return small in _WORDS or any(
        small.startswith(joint, place) and small[place + len(joint) :] in _WORDS
        for place in range(3, len(small) - 2)
        if small[:place] in _WORDS
        for joint in _JOINTS
    )


@functools.lru_cache(maxsize=4096)
def _without_numerals(word: str) -> str:
    # Letters of ASCII are numerals nowhere: most words are found out at once.
    if word.isascii() and word.isalpha():
        return word
    return "".join(sign for sign in word if unicodedata.numeric(sign, None) is None and sign not in _WITHOUT_VALUE)
