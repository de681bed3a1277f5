# ruff: noqa: E501 (a table is read along its lines)
"""What of IEC 61131-3:2013 is there, feature by feature, each with a program that shows it.

The page `docs/reference/structured-text.md` has one row for each of these, and the tests run them.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One feature.

    `table` and `feature` as in the standard and on the page; `declare` stands in PROGRAM main before
    `body`, `around` outside of it. After one scan the variables of main have the values `gives`, or
    the source has an error with the key `refused`.
    """

    id: str
    table: str
    feature: str
    body: str
    declare: str = ""
    around: str = ""
    gives: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    scans: int = 1

    @property
    def source(self) -> str:
        return f"{self.around}\nPROGRAM main\n{self.declare}\n{self.body}\nEND_PROGRAM\n"


def var(text: str) -> str:
    return f"VAR {text} END_VAR"


MS = 1_000_000
S = 1_000_000_000
DAY = 86_400 * S

ROWS = [
    # characters, comments, pragmas
    Row("character_set", "1", "Characters of ISO/IEC 10646 in names", "温度 := 3;", var("温度 : INT;"), gives={"温度": 3}),
    Row("case", "1", "Lower and upper case mean the same", "VALUE := Value + 1;", var("value : INT := 4;"), gives={"value": 5}),
    Row("identifier", "2", "Names with letters, digits and underscores", "_a1_b := 1;", var("_a1_b : INT;"), gives={"_a1_b": 1}),
    Row("comment_line", "3", "Comment to the end of the line `//`", "x := 1; // x := 2;", var("x : INT;"), gives={"x": 1}),
    Row("comment_round", "3", "Comment `(* *)`", "x := (* 2 *) 1;", var("x : INT;"), gives={"x": 1}),
    Row("comment_slash", "3", "Comment `/* */`", "x := /* 2 */ 1;", var("x : INT;"), gives={"x": 1}),
    Row("comment_nested", "3", "Comments within comments", "(* a (* b *) x := 2; *) x := 1; /* a /* b */ x := 3; */", var("x : INT;"), gives={"x": 1}),
    Row("pragma", "4", "Pragmas in braces, skipped", "{info 'x'} x := 1;", var("x : INT;"), gives={"x": 1}),
    # literals
    Row("integer", "5", "Integer literal, underscores within", "x := -12; y := 123_456;", var("x : INT; y : DINT;"), gives={"x": -12, "y": 123456}),
    Row("real", "5", "Real literal, with exponent", "x := 0.5; y := 1.0E-3; z := 1_000.25;", var("x : REAL; y : LREAL; z : LREAL;"), gives={"x": 0.5, "y": 0.001, "z": 1000.25}),
    Row("base2", "5", "Binary literal", "x := 2#1111_0000;", var("x : BYTE;"), gives={"x": 240}),
    Row("base8", "5", "Octal literal", "x := 8#377;", var("x : BYTE;"), gives={"x": 255}),
    Row("base16", "5", "Hexadecimal literal", "x := 16#fF;", var("x : WORD;"), gives={"x": 255}),
    Row("bool_literal", "5", "TRUE, FALSE, 1, 0 as BOOL", "a := TRUE; b := 1; c := BOOL#1;", var("a, b, c : BOOL;"), gives={"a": True, "b": True, "c": True}),
    Row("typed_literal", "5", "Typed literals", "x := DINT#5; y := UINT#16#9AF; z := REAL#2; w := WORD#16#AFF; v := INT#-7;", var("x : DINT; y : UINT; z : REAL; w : WORD; v : INT;"), gives={"x": 5, "y": 2479, "z": 2.0, "w": 2815, "v": -7}),
    Row("string_literal", "6", "Strings, `$` codes", "x := 'a$$b$'c$41$N'; n := LEN(x);", var("x : STRING; n : INT;"), gives={"x": "a$b'cA\n", "n": 7}),
    Row("wstring_literal", "6", "Wide strings", 'x := "$4E2D文$"";', var("x : WSTRING[10];"), gives={"x": '中文"'}),
    Row("typed_string", "6", "Typed string literal", "x := STRING#'OK';", var("x : STRING;"), gives={"x": "OK"}),
    Row("string_two_codes", "7", "Two-character codes `$L $N $P $R $T`", "x := '$L$n$P$R$T';", var("x : STRING;"), gives={"x": "\n\n\f\r\t"}),
    Row("duration", "8", "Durations, short and long prefix", "a := T#14ms; b := TIME#1h2m3s; c := t#5d14h12m18s3.5ms; d := T#-1.5s; e := LT#1us5ns; f := T#25h_15m;", var("a, b, c, d, f : TIME; e : LTIME;"), gives={"a": 14 * MS, "b": 3723 * S, "c": 5 * DAY + 51138 * S + 3_500_000, "d": -1_500 * MS, "e": 1005, "f": 90900 * S}),
    Row("date", "9", "Dates, times of day, both", "a := D#1970-01-02; b := TOD#12:30:15.5; c := DT#1970-01-01-00:00:01; d := DATE#2000-02-29;", var("a, d : DATE; b : TOD; c : DATE_AND_TIME;"), gives={"a": DAY, "b": 45015 * S + 500 * MS, "c": S, "d": 11016 * DAY}),
    # elementary types
    Row("integers", "10", "SINT, INT, DINT, LINT and the unsigned ones, with their ranges", "a := -128; b := 32767; c := -2147483648; d := 9223372036854775807; e := 255; f := 65535; g := 4294967295; h := 18446744073709551615;", var("a : SINT; b : INT; c : DINT; d : LINT; e : USINT; f : UINT; g : UDINT; h : ULINT;"), gives={"a": -128, "b": 32767, "c": -(2**31), "d": 2**63 - 1, "e": 255, "f": 65535, "g": 2**32 - 1, "h": 2**64 - 1}),
    Row("integer_range", "10", "A literal outside the range is refused", "a := 128;", var("a : SINT;"), refused="st.type.too_large"),
    Row("overflow", "10", "Overflow wraps, two's complement", "a := a + 1; b := b - 1; c := c * c;", var("a : INT := 32767; b : USINT; c : DINT := 65537;"), gives={"a": -32768, "b": 255, "c": 131073}),
    Row("reals", "10", "REAL in single, LREAL in double precision", "a := 0.1; b := 0.1; c := a * a;", var("a, c : REAL; b : LREAL;"), gives={"a": 0.10000000149011612, "b": 0.1, "c": 0.010000000707805157}),
    Row("bit_strings", "10", "BOOL, BYTE, WORD, DWORD, LWORD", "a := TRUE; b := 16#FF; c := 16#FFFF; d := 16#FFFF_FFFF; e := 16#FFFF_FFFF_FFFF_FFFF;", var("a : BOOL; b : BYTE; c : WORD; d : DWORD; e : LWORD;"), gives={"a": True, "b": 255, "c": 65535, "d": 2**32 - 1, "e": 2**64 - 1}),
    Row("times", "10", "TIME, LTIME, DATE, TIME_OF_DAY, DATE_AND_TIME and their L forms, in ns", "a := T#1ms; b := a; c := LDT#1970-01-01-00:00:00.000000001;", var("a : TIME; b : LTIME; c : LDT;"), gives={"a": MS, "b": MS, "c": 1}),
    Row("strings", "10", "STRING[n] and WSTRING[n], longer text is cut", "a := 'abcdef'; b := CONCAT(a, a);", var("a : STRING[4]; b : STRING[5];"), gives={"a": "abcd", "b": "abcda"}),
    Row("chars", "10", "CHAR, WCHAR", "a := 'x'; b := a;", var("a : CHAR; b : STRING;"), gives={"a": "x", "b": "x"}),
    Row("defaults", "10", "Initial values of the types", ";", var("a : BOOL; b : INT; c : REAL; d : TIME; e : STRING; f : DATE;"), gives={"a": False, "b": 0, "c": 0.0, "d": 0, "e": "", "f": 0}),
    # user types
    Row("enum", "11", "Enumeration", "c := green; n := TO_INT(c); IF c = Colour#green THEN n := n + 10; END_IF;", var("c : Colour; n : INT;"), "TYPE Colour : (red, green, blue) := blue; END_TYPE", gives={"c": "green", "n": 11}),
    Row("enum_default", "11", "Initial value of a type", ";", var("c : Colour; k : Level;"), "TYPE Colour : (red, green, blue) := blue; Level : INT := 7; END_TYPE", gives={"c": "blue", "k": 7}),
    Row("enum_values", "11", "Enumeration with named values", "n := TO_INT(c);", var("c : Speed := fast; n : DINT;"), "TYPE Speed : DINT (slow := 10, fast := 200, faster); END_TYPE", gives={"n": 200}),
    Row("enum_anonymous", "11", "Enumeration in a declaration", "m := on_;", var("m : (off_, on_);"), gives={"m": "on_"}),
    Row("subrange", "11", "Subrange", "x := 99;", var("x : INT (0..100);"), gives={"x": 99}),
    Row("subrange_checked", "11", "A constant outside a subrange is refused", "x := 101;", var("x : Percent;"), "TYPE Percent : INT (0..100); END_TYPE", refused="st.type.subrange"),
    Row("array", "11", "Arrays of one and more dimensions", "a[2] := 5; m[1, 3] := 7; x := a[2] + m[1, 3] + m[0, 1];", var("a : ARRAY [1..3] OF INT; m : ARRAY [0..1, 1..3] OF INT := [1, 2, 3, 3(4)]; x : INT;"), gives={"x": 13, "m[1,3]": 7, "m[1,1]": 4}),
    Row("array_nested", "11", "Arrays of arrays and of structures", "g[1][2] := 5; p[2].x := 6; n := g[1][2] + p[2].x;", var("g : ARRAY [0..1] OF ARRAY [0..2] OF INT; p : ARRAY [1..2] OF Point; n : INT;"), "TYPE Point : STRUCT x, y : INT; END_STRUCT; END_TYPE", gives={"n": 11}),
    Row("struct", "11", "Structures", "p.x := 3; q := p; n := q.x + q.y;", var("p : Point := (y := 4); q : Point; n : INT;"), "TYPE Point : STRUCT x : INT; y : INT := 1; END_STRUCT; END_TYPE", gives={"n": 7, "q.y": 4}),
    Row("struct_nested", "11", "Structures in structures, with initial values", "n := l.b.y;", var("l : Line := (b := (x := 1, y := 9)); n : INT;"), "TYPE Line : STRUCT a, b : Point; END_STRUCT; Point : STRUCT x, y : INT; END_STRUCT; END_TYPE", gives={"n": 9}),
    Row("alias", "11", "A type by another name", "x := 3;", var("x : Count;"), "TYPE Count : UINT; END_TYPE", gives={"x": 3}),
    # implicit conversion
    Row("widening", "12", "Implicit conversion to wider types", "b := a; c := b; r := b; l := c; w := y;", var("a : SINT := -3; b : INT; c : DINT; r : REAL; l : LREAL; y : BYTE := 16#F0; w : WORD;"), gives={"b": -3, "c": -3, "r": -3.0, "l": -3.0, "w": 240}),
    Row("no_narrowing", "12", "No implicit conversion to narrower types", "a := b;", var("a : INT; b : DINT;"), refused="st.type.mismatch"),
    Row("no_real_to_int", "12", "No implicit conversion from REAL to INT", "a := r;", var("a : INT; r : REAL;"), refused="st.type.mismatch"),
    Row("mixed_operands", "12", "Operands meet in the least common type", "x := i + u;", var("i : INT := -1; u : UINT := 65535; x : DINT;"), gives={"x": 65534}),
    # variables
    Row("var", "13", "VAR, VAR_TEMP with initial values", "n := n + 1; t := t + 1; x := t;", var("n, x : INT;") + " VAR_TEMP t : INT := 5; END_VAR", gives={"n": 2, "x": 6}, scans=2),
    Row("constant", "13", "CONSTANT", "x := LIMIT_ * 2;", "VAR CONSTANT LIMIT_ : INT := 21; END_VAR " + var("x : INT; a : ARRAY [0..LIMIT_] OF INT;"), gives={"x": 42}),
    Row("constant_assigned", "13", "A constant is not assigned", "c := 2;", "VAR CONSTANT c : INT := 1; END_VAR", refused="st.assign.constant"),
    Row("retain", "13", "RETAIN, NON_RETAIN", "x := 1; y := 1;", "VAR RETAIN x : INT; END_VAR VAR NON_RETAIN y : INT; END_VAR", gives={"x": 1, "y": 1}),
    Row("global", "13", "VAR_GLOBAL, VAR_EXTERNAL", "total := total + 1; x := total;", "VAR_EXTERNAL total : INT; END_VAR " + var("x : INT;"), "VAR_GLOBAL total : INT := 41; END_VAR", gives={"x": 42}),
    Row("located", "16", "Located variables (AT %M…, %I…, %Q…)", "flag := TRUE; x := %MX2.3;", var("flag AT %MX2.3 : BOOL; x : BOOL;"), gives={"x": True}),
    Row("direct", "16", "Direct use of addresses", "%MW10 := 16#1234; x := %MW10;", var("x : WORD;"), gives={"x": 0x1234}),
    Row("bit_access", "17", "Bits of a bit string `.%X3`, `.3`", "w.%X3 := TRUE; w.0 := TRUE; a := w.3; b := w.%X1;", var("w : WORD; a, b : BOOL;"), gives={"w": 9, "a": True, "b": False}),
    # functions
    Row("function", "19", "FUNCTION with inputs and result", "x := twice(21); y := twice(n := 4);", var("x, y : INT;"), "FUNCTION twice : INT VAR_INPUT n : INT; END_VAR twice := n * 2; END_FUNCTION", gives={"x": 42, "y": 8}),
    Row("function_out", "19", "FUNCTION with VAR_OUTPUT, VAR_IN_OUT", "x := split(n := 17, rest => r, sum := s);", var("x, r : INT; s : INT := 100;"), "FUNCTION split : INT VAR_INPUT n : INT; END_VAR VAR_OUTPUT rest : INT; END_VAR VAR_IN_OUT sum : INT; END_VAR split := n / 5; rest := n MOD 5; sum := sum + n; END_FUNCTION", gives={"x": 3, "r": 2, "s": 117}),
    Row("function_void", "19", "FUNCTION without result", "put(n := 3, into := x);", var("x : INT;"), "FUNCTION put VAR_INPUT n : INT; END_VAR VAR_IN_OUT into : INT; END_VAR into := n; RETURN; END_FUNCTION", gives={"x": 3}),
    Row("function_default", "20", "Default of an input that is left out", "x := f(a := 1);", var("x : INT;"), "FUNCTION f : INT VAR_INPUT a : INT; b : INT := 10; END_VAR f := a + b; END_FUNCTION", gives={"x": 11}),
    Row("function_in_function", "20", "Functions that call functions", "x := outer(3);", var("x : INT;"), "FUNCTION outer : INT VAR_INPUT n : INT; END_VAR outer := inner(n) + inner(n + 1); END_FUNCTION FUNCTION inner : INT VAR_INPUT n : INT; END_VAR inner := n * n; END_FUNCTION", gives={"x": 25}),
    Row("recursion", "20", "A function that calls itself is refused", "x := f(3);", var("x : INT;"), "FUNCTION f : INT VAR_INPUT n : INT; END_VAR f := f(n - 1); END_FUNCTION", refused="st.call.recursion"),
    # standard functions
    Row("convert_int", "22", "Conversions among whole numbers", "a := DINT_TO_INT(70000); b := INT_TO_USINT(-1); c := TO_SINT(200);", var("a : INT; b : USINT; c : SINT;"), gives={"a": 4464, "b": 255, "c": -56}),
    Row("convert_real", "22", "REAL to integer rounds half to even", "a := REAL_TO_INT(2.5); b := REAL_TO_INT(3.5); c := LREAL_TO_DINT(-2.6); d := INT_TO_REAL(7);", var("a, b : INT; c : DINT; d : REAL;"), gives={"a": 2, "b": 4, "c": -3, "d": 7.0}),
    Row("trunc", "22", "TRUNC, `REAL_TRUNC_INT`", "a := TRUNC(2.9); b := TRUNC(-2.9); c := REAL_TRUNC_INT(r);", var("a, b : DINT; c : INT; r : REAL := 7.9;"), gives={"a": 2, "b": -2, "c": 7}),
    Row("convert_bits", "22", "Bit strings and whole numbers", "a := WORD_TO_INT(16#FFFF); b := INT_TO_WORD(-1); c := BOOL_TO_INT(TRUE); d := INT_TO_BOOL(5);", var("a, c : INT; b : WORD; d : BOOL;"), gives={"a": -1, "b": 65535, "c": 1, "d": True}),
    Row("convert_transfer", "23", "REAL and DWORD bit for bit", "a := REAL_TO_DWORD(1.0); b := DWORD_TO_REAL(16#40490FDB);", var("a : DWORD; b : REAL;"), gives={"a": 0x3F800000, "b": 3.1415927410125732}),
    Row("convert_text", "22", "Numbers, BOOL and TIME to STRING and back", "a := INT_TO_STRING(-5); b := STRING_TO_INT('42'); c := BOOL_TO_STRING(TRUE); d := TIME_TO_STRING(T#1m1500ms); e := REAL_TO_STRING(0.1); f := STRING_TO_REAL('2.5');", var("a, c, d, e : STRING; b : INT; f : REAL;"), gives={"a": "-5", "b": 42, "c": "TRUE", "d": "T#1m1s500ms", "e": "0.1", "f": 2.5}),
    Row("convert_moments", "22", "Dates and times of day to STRING, numbers to WSTRING", "a := DATE_TO_STRING(D#2026-11-23); b := TOD_TO_STRING(TOD#08:05:00.25); c := DT_TO_STRING(DT#1969-12-31-23:59:59); d := INT_TO_WSTRING(7); e := WSTRING_TO_INT(d); f := STRING_TO_TIME('T#2s'); g := STRING_TO_WSTRING('x');", var("a, b, c : STRING; d, g : WSTRING; e : INT; f : TIME;"), gives={"a": "D#2026-11-23", "b": "TOD#08:05:00.25", "c": "DT#1969-12-31-23:59:59", "d": "7", "e": 7, "f": 2 * S, "g": "x"}),
    Row("convert_time", "22", "TIME as a number of milliseconds", "a := TIME_TO_DINT(T#1.5s); b := DINT_TO_TIME(250); c := LTIME_TO_LINT(LT#1us);", var("a : DINT; b : TIME; c : LINT;"), gives={"a": 1500, "b": 250 * MS, "c": 1000}),
    Row("convert_date", "25", "DATE_AND_TIME to DATE and TIME_OF_DAY", "a := DT_TO_DATE(DT#1970-01-03-01:00:00); b := DATE_AND_TIME_TO_TOD(DT#1970-01-03-01:00:00);", var("a : DATE; b : TOD;"), gives={"a": 2 * DAY, "b": 3600 * S}),
    Row("convert_bcd", "24", "BCD", "a := WORD_BCD_TO_UINT(16#1234); b := UINT_TO_BCD_WORD(1234);", var("a : UINT; b : WORD;"), gives={"a": 1234, "b": 0x1234}),
    Row("abs_sqrt", "28", "ABS, SQRT", "a := ABS(i); b := SQRT(r); c := ABS(-2.5);", var("i, a : INT := -5; r : REAL := 9.0; b, c : REAL;"), gives={"a": 5, "b": 3.0, "c": 2.5}),
    Row("logarithms", "28", "LN, LOG, EXP", "a := LN(EXP(x)); b := LOG(y); c := LN(z);", var("x : LREAL := 2.0; y, z : LREAL := 1000.0; a, b, c : LREAL;"), gives={"a": 2.0, "b": 3.0, "c": 6.907755278982137}),
    Row("trigonometry", "28", "SIN, COS, TAN, ASIN, ACOS, ATAN, ATAN2", "a := SIN(x); b := COS(x); c := TAN(x); d := ASIN(y); e := ACOS(y); f := ATAN(y); g := ATAN2(Y := y, X := y);", var("x : LREAL := 0.0; y : LREAL := 1.0; a, b, c, d, e, f, g : LREAL;"), gives={"a": 0.0, "b": 1.0, "c": 0.0, "d": 1.5707963267948966, "e": 0.0, "f": 0.7853981633974483, "g": 0.7853981633974483}),
    Row("arithmetic_functions", "29", "ADD, SUB, MUL, DIV, MOD, EXPT, MOVE", "a := ADD(1, i, 3); b := SUB(i, 1); c := MUL(i, 2, 3); d := DIV(i, 2); e := MOD(i, 4); f := EXPT(2.0, 3.0); g := MOVE(i);", var("i : INT := 7; a, b, c, d, e, g : INT; f : REAL;"), gives={"a": 11, "b": 6, "c": 42, "d": 3, "e": 3, "f": 8.0, "g": 7}),
    Row("shift", "30", "SHL, SHR, ROL, ROR", "a := SHL(w, 4); b := SHR(w, 4); c := ROL(w, 4); d := ROR(IN := w, N := 4); e := SHL(w, 99);", var("w : WORD := 16#9001; a, b, c, d, e : WORD;"), gives={"a": 0x10, "b": 0x900, "c": 0x19, "d": 0x1900, "e": 0}),
    Row("bitwise_functions", "31", "AND, OR, XOR, NOT as functions", "a := AND(w, 16#0F); b := OR(w, 16#0F, 16#F00); c := XOR(w, w); d := NOT(w);", var("w : WORD := 16#00FF; a, b, c, d : WORD;"), gives={"a": 0x0F, "b": 0xFFF, "c": 0, "d": 0xFF00}),
    Row("selection", "32", "SEL, MAX, MIN, LIMIT, MUX", "a := SEL(G := FALSE, IN0 := 1, IN1 := i); b := MAX(1, i, 3); c := MIN(4, i); d := LIMIT(0, i, 5); e := MUX(1, i, 20, 30);", var("i : INT := 7; a, b, c, d, e : INT;"), gives={"a": 1, "b": 7, "c": 4, "d": 5, "e": 20}),
    Row("comparison_functions", "33", "GT, GE, EQ, LE, LT, NE", "a := GT(3, i, 1); b := GE(i, 2, 2); c := EQ(i, 2); d := LE(1, i, 2); e := LT(i, 2); f := NE(i, 3);", var("i : INT := 2; a, b, c, d, e, f : BOOL;"), gives={"a": True, "b": True, "c": True, "d": True, "e": False, "f": True}),
    Row("string_functions", "34", "LEN, LEFT, RIGHT, MID, CONCAT, INSERT, DELETE, REPLACE, FIND", "n := LEN('ASTR'); a := LEFT(IN := 'ASTR', L := 3); b := RIGHT('ASTR', 3); c := MID('ASTR', 2, 2); d := CONCAT('AB', 'CD', 'E'); e := INSERT('ABC', 'XY', 2); f := DELETE('ABXYC', 2, 3); g := REPLACE('ABCDE', 'X', 2, 3); k := FIND('ABCBC', 'BC');", var("n, k : INT; a, b, c, d, e, f, g : STRING;"), gives={"n": 4, "a": "AST", "b": "STR", "c": "ST", "d": "ABCDE", "e": "ABXYC", "f": "ABC", "g": "ABXE", "k": 2}),
    Row("time_arithmetic", "35", "Arithmetic of TIME, dates and times of day, by operators and functions", "a := T#1s + T#500ms; b := ADD_TIME(a, a) - T#1s; c := a * 2; d := DIV_TIME(a, 3); e := TOD#12:00:00 + T#1m; f := SUB_DATE_DATE(D#1970-01-03, D#1970-01-01); g := DT#1970-01-01-00:00:10 - DT#1970-01-01-00:00:04; h := T#10s * 0.25;", var("a, b, c, d, f, g, h : TIME; e : TOD;"), gives={"a": 1500 * MS, "b": 2 * S, "c": 3 * S, "d": 500 * MS, "e": 43260 * S, "f": 2 * DAY, "g": 6 * S, "h": 2500 * MS}),
    Row("concat_date", "36", "CONCAT_DATE_TOD, DAY_OF_WEEK", "a := CONCAT_DATE_TOD(D#1970-01-02, TOD#01:00:00); n := DAY_OF_WEEK(D#2026-11-23);", var("a : DT; n : INT;"), gives={"a": DAY + 3600 * S, "n": 1}),
    Row("enum_functions", "38", "SEL, MUX, EQ, NE of enumerations", "c := SEL(TRUE, red, blue); b := NE(c, red);", var("c : Colour; b : BOOL;"), "TYPE Colour : (red, green, blue); END_TYPE", gives={"c": "blue", "b": True}),
    Row("is_valid", "39", "IS_VALID", "a := IS_VALID(r); b := IS_VALID(r * r); c := IS_VALID(SQRT(-r));", var("r : REAL := 1.0E30; a, b, c : BOOL;"), gives={"a": True, "b": False, "c": False}),
    # function blocks
    Row("function_block", "40", "FUNCTION_BLOCK, instances with their own state", "a(inc := 2); a(inc := 3); b(); x := a.total; y := b.total;", var("a, b : Counter; x, y : INT;"), "FUNCTION_BLOCK Counter VAR_INPUT inc : INT := 1; END_VAR VAR_OUTPUT total : INT; END_VAR total := total + inc; END_FUNCTION_BLOCK", gives={"x": 5, "y": 1}),
    Row("block_initial", "41", "Initial values of an instance", "c(); x := c.total;", var("c : Counter := (inc := 7); x : INT;"), "FUNCTION_BLOCK Counter VAR_INPUT inc : INT := 1; END_VAR VAR_OUTPUT total : INT; END_VAR total := total + inc; END_FUNCTION_BLOCK", gives={"x": 7}),
    Row("block_call_twice", "42", "A parameter given twice is refused", "c.inc := 4; c(odd => o, NOT odd => e);", var("c : Counter; o, e : BOOL;"), "FUNCTION_BLOCK Counter VAR_INPUT inc : INT := 1; END_VAR VAR_OUTPUT total : INT; odd : BOOL; END_VAR total := total + inc; odd := total MOD 2 = 1; END_FUNCTION_BLOCK", refused="st.call.twice"),
    Row("block_call", "42", "Calls with `:=`, `=>` and `NOT … =>`, by position, input by dot", "c.inc := 4; c(total => x, NOT odd => e); c(5); y := c.total;", var("c : Counter; x, y : INT; e : BOOL;"), "FUNCTION_BLOCK Counter VAR_INPUT inc : INT := 1; END_VAR VAR_OUTPUT total : INT; odd : BOOL; END_VAR total := total + inc; odd := total MOD 2 = 1; END_FUNCTION_BLOCK", gives={"x": 4, "e": True, "y": 9}),
    Row("block_in_out", "40", "VAR_IN_OUT of function blocks, arrays too", "f(data := a, n := k); x := a[2];", var("f : Fill; a : ARRAY [0..2] OF INT; k, x : INT;"), "FUNCTION_BLOCK Fill VAR_IN_OUT data : ARRAY [0..2] OF INT; n : INT; END_VAR VAR i : INT; END_VAR FOR i := 0 TO 2 DO data[i] := i * 10; n := n + 1; END_FOR; END_FUNCTION_BLOCK", gives={"x": 20, "k": 3}),
    Row("block_nested", "40", "Instances in function blocks, arrays of instances", "FOR i := 1 TO 2 DO p[i](n := i); END_FOR; x := p[1].out + p[2].out;", var("p : ARRAY [1..2] OF Pair; i, x : INT;"), "FUNCTION_BLOCK Pair VAR_INPUT n : INT; END_VAR VAR_OUTPUT out : INT; END_VAR VAR a, b : Adder; END_VAR a(n := n); b(n := n * 2); out := a.sum + b.sum; END_FUNCTION_BLOCK FUNCTION_BLOCK Adder VAR_INPUT n : INT; END_VAR VAR_OUTPUT sum : INT; END_VAR sum := sum + n; END_FUNCTION_BLOCK", gives={"x": 9}),
    Row("edge_inputs", "40", "R_EDGE, F_EDGE inputs", "c(go := TRUE); c(go := TRUE); c(go := FALSE); c(go := TRUE); x := c.n;", var("c : Edges; x : INT;"), "FUNCTION_BLOCK Edges VAR_INPUT go : BOOL R_EDGE; END_VAR VAR_OUTPUT n : INT; END_VAR IF go THEN n := n + 1; END_IF; END_FUNCTION_BLOCK", gives={"x": 2}),
    Row("bistable", "43", "SR, RS", "a(S1 := TRUE, R := TRUE); b(S := TRUE, R1 := TRUE); x := a.Q1; y := b.Q1;", var("a : SR; b : RS; x, y : BOOL;"), gives={"x": True, "y": False}),
    Row("edges", "44", "R_TRIG, F_TRIG", "r(CLK := TRUE); x := r.Q; r(CLK := TRUE); y := r.Q; f(CLK := TRUE); f(CLK := FALSE); z := f.Q;", var("r : R_TRIG; f : F_TRIG; x, y, z : BOOL;"), gives={"x": True, "y": False, "z": True}),
    Row("counter_up", "45", "CTU, CTU_DINT, …", "FOR i := 1 TO 3 DO c(CU := TRUE, PV := 3); c(CU := FALSE); END_FOR; x := c.CV; q := c.Q;", var("c : CTU; i, x : INT; q : BOOL;"), gives={"x": 3, "q": True}),
    Row("counter_down", "45", "CTD", "c(LD := TRUE, PV := 2); c(LD := FALSE, CD := TRUE); c(CD := FALSE); c(CD := TRUE, Q => q); x := c.CV;", var("c : CTD_DINT; x : DINT; q : BOOL;"), gives={"x": 0, "q": True}),
    Row("counter_both", "45", "CTUD", "c(CU := TRUE, PV := 1); c(CU := FALSE, CD := TRUE); x := c.CV; d := c.QD; c(CD := FALSE); c(CU := TRUE, QU => u);", var("c : CTUD; x : INT; u, d : BOOL;"), gives={"x": 0, "u": True, "d": True}),
    Row("timers", "46", "TON, TOF, TP in simulation time", "a(IN := TRUE, PT := T#0s); b(IN := TRUE, PT := T#1s); c(IN := TRUE, PT := T#1s); x := a.Q; y := b.Q; z := c.Q;", var("a : TON; b : TOF; c : TP; x, y, z : BOOL;"), gives={"x": True, "y": True, "z": True}),
    # programs and configuration
    Row("program", "47", "PROGRAM with VAR_INPUT, VAR_OUTPUT and its own globals", "o := i + g;", "VAR_INPUT i : INT := 2; END_VAR VAR_OUTPUT o : INT; END_VAR VAR_GLOBAL g : INT := 3; END_VAR", gives={"o": 5}),
    Row("configuration", "62", "CONFIGURATION, RESOURCE, VAR_GLOBAL", "x := shared + 1;", var("x : INT;"), "CONFIGURATION c VAR_GLOBAL shared : INT := 4; END_VAR RESOURCE r ON soft TASK fast (INTERVAL := T#10ms, PRIORITY := 1); PROGRAM main WITH fast : main; END_RESOURCE END_CONFIGURATION", gives={"x": 5}),
    Row("task", "63", "TASK with INTERVAL and PRIORITY", "x := 1;", var("x : INT;"), "CONFIGURATION c TASK slow (INTERVAL := T#1s, PRIORITY := 2); PROGRAM main WITH slow : main; END_CONFIGURATION", gives={"x": 1}),
    # operators
    Row("op_paren", "71", "Parentheses", "x := 2 * (3 + 4);", var("x : INT;"), gives={"x": 14}),
    Row("op_call", "71", "Function call", "x := MAX(1, 2) * 3;", var("x : INT;"), gives={"x": 6}),
    Row("op_negate", "71", "Negation, plus, complement bind before `**`", "x := -2.0 ** 2.0; b := NOT a AND a; y := +3;", var("x : REAL; a, b : BOOL; y : INT;"), gives={"x": 4.0, "b": False, "y": 3}),
    Row("op_power", "71", "Exponentiation", "x := 2.0 ** 3.0 ** 2.0; y := 2 * i ** 2;", var("x : LREAL; y : REAL; i : INT := 3;"), gives={"x": 64.0, "y": 18.0}),
    Row("op_multiply", "71", "`*`, `/`, MOD from left to right", "x := 7 / 2 * 2; y := -7 / 2; z := -7 MOD 3; w := 100 / i / 5;", var("x, y, z, w : INT; i : INT := 4;"), gives={"x": 6, "y": -3, "z": -1, "w": 5}),
    Row("op_add", "71", "`+`, `-`", "x := 1 - 2 - 3 + i;", var("x : INT; i : INT := 4;"), gives={"x": 0}),
    Row("op_compare", "71", "`<`, `>`, `<=`, `>=` before `=`, `<>`", "a := 1 < i = TRUE; b := i >= 4 AND i <= 4 AND NOT (i <> 4); c := 'a' < 'b';", var("a, b, c : BOOL; i : INT := 4;"), gives={"a": True, "b": True, "c": True}),
    Row("op_logic", "71", "AND, &, XOR, OR in this order", "a := TRUE OR FALSE AND FALSE; b := t XOR t & f; c := t OR t XOR t;", var("a, b, c : BOOL; t : BOOL := TRUE; f : BOOL;"), gives={"a": True, "b": True, "c": True}),
    Row("op_logic_bits", "71", "Logic on bit strings", "x := w AND 16#0F OR 16#100; y := NOT w XOR 1;", var("x, y : WORD; w : WORD := 16#FF;"), gives={"x": 0x10F, "y": 0xFF01}),
    # statements
    Row("st_assign", "72", "Assignment of values, structures, arrays", "a := b; x := a[1];", var("a, b : ARRAY [0..1] OF INT := [3, 4]; x : INT;"), gives={"x": 4}),
    Row("st_call", "72", "Call of a function or an instance", "t(IN := TRUE, PT := T#1s);", var("t : TON;"), gives={"t.IN": True}),
    Row("st_return", "72", "RETURN", "x := 1; IF x = 1 THEN RETURN; END_IF; x := 2;", var("x : INT;"), gives={"x": 1}),
    Row("st_if", "72", "IF, ELSIF, ELSE", "IF x > 0 THEN y := 1; ELSIF x = 0 THEN y := 2; ELSE y := 3; END_IF;", var("x, y : INT;"), gives={"y": 2}),
    Row("st_case", "72", "CASE with values, lists, ranges, ELSE", "FOR i := 0 TO 9 DO CASE i OF 0: n := n + 1; 1, 3: n := n + 10; 4..6: n := n + 100; ELSE n := n + 1000; END_CASE; END_FOR;", var("i : INT; n : DINT;"), gives={"n": 4321}),
    Row("st_case_enum", "72", "CASE with enumeration values", "CASE c OF red: x := 1; Colour#green, blue: x := 2; END_CASE;", var("c : Colour := blue; x : INT;"), "TYPE Colour : (red, green, blue); END_TYPE", gives={"x": 2}),
    Row("st_case_many", "72", "CASE with many branches", "FOR i := 0 TO 11 DO CASE i OF 0: n := n + 1; 1: n := n + 2; 2: n := n + 4; 3: n := n + 8; 4: n := n + 16; 5: n := n + 32; 6: n := n + 64; 7: n := n + 128; 8, 10: n := n + 256; -5..-1: n := 0; ELSE n := n + 4096; END_CASE; END_FOR;", var("i : INT; n : DINT;"), gives={"n": 255 + 2 * 256 + 2 * 4096}),
    Row("st_for", "72", "FOR with BY, the variable one step on at the end", "FOR i := 1 TO 10 BY 3 DO n := n + i; END_FOR; FOR j := 3 TO 1 BY -1 DO m := m * 10 + j; END_FOR;", var("i, j, n, m : INT;"), gives={"n": 22, "i": 13, "m": 321, "j": 0}),
    Row("st_while", "72", "WHILE", "WHILE x < 5 DO x := x + 2; END_WHILE;", var("x : INT;"), gives={"x": 6}),
    Row("st_repeat", "72", "REPEAT … UNTIL", "REPEAT x := x + 1; UNTIL x >= 0 END_REPEAT;", var("x : INT := 5;"), gives={"x": 6}),
    Row("st_continue", "72", "CONTINUE", "FOR i := 1 TO 5 DO IF i = 3 THEN CONTINUE; END_IF; n := n + i; END_FOR; REPEAT k := k + 1; CONTINUE; UNTIL k > 2 END_REPEAT;", var("i, n, k : INT;"), gives={"n": 12, "k": 3}),
    Row("st_exit", "72", "EXIT", "FOR i := 1 TO 5 DO FOR j := 1 TO 5 DO IF j = 2 THEN EXIT; END_IF; n := n + 1; END_FOR; END_FOR;", var("i, j, n : INT;"), gives={"n": 5, "j": 2}),
    Row("st_empty", "72", "Empty statement", ";; IF TRUE THEN ; END_IF;", gives={}),
]  # fmt: skip
