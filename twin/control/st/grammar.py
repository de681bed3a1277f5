"""The grammar of Structured Text, LALR(1), for lark.

Every name in capitals is a token of the scanner. `BROKEN` and `HOLE` are tokens that no
source holds: the parser puts the one in the place of a statement or a declaration that cannot be
read, the other in the place of an expression, and goes on behind it.
"""

from .scanner import KEYWORDS

_PUNCTUATION = frozenset(
    (
        *("IDENT", "LITERAL", "DIRECT", "BROKEN", "HOLE", "ASSIGN", "ARROW", "RANGE", "POWER"),
        *("LE", "GE", "NE", "LT", "GT", "EQ", "PLUS", "MINUS", "STAR", "SLASH", "LPAR", "RPAR"),
        *("LBRACK", "RBRACK", "COMMA", "SEMI", "COLON", "DOT"),
    )
)
TERMINALS = sorted((KEYWORDS - {"TRUE", "FALSE"}) | _PUNCTUATION)

GRAMMAR = (
    "%declare "
    + " ".join(TERMINALS)
    + r"""
start: unit*
?unit: pou | types | var_block | configuration | BROKEN -> nothing | SEMI -> nothing

pou: PROGRAM IDENT var_block* statements END_PROGRAM                            -> program
   | FUNCTION IDENT [COLON type_spec] var_block* statements END_FUNCTION        -> function
   | FUNCTION_BLOCK IDENT var_block* statements END_FUNCTION_BLOCK              -> function_block

types: TYPE type_decl* END_TYPE
type_decl: IDENT COLON type_spec [ASSIGN initial] SEMI
         | BROKEN -> nothing
         | SEMI -> nothing

var_block: var_kind qualifier* var_decl* END_VAR
!var_kind: VAR | VAR_INPUT | VAR_OUTPUT | VAR_IN_OUT | VAR_TEMP | VAR_GLOBAL | VAR_EXTERNAL
!qualifier: CONSTANT | RETAIN | NON_RETAIN
var_decl: names [AT DIRECT] COLON type_spec [ASSIGN initial] SEMI
        | BROKEN -> nothing
        | SEMI -> nothing
names: IDENT (COMMA IDENT)*

?type_spec: IDENT                                                -> named_type
          | IDENT R_EDGE                                         -> edge_type
          | IDENT F_EDGE                                         -> edge_type
          | IDENT LBRACK expr RBRACK                             -> sized_type
          | IDENT LPAR expr RANGE expr RPAR                      -> range_type
          | IDENT LPAR args RPAR                                 -> items_type
          | LPAR args RPAR                                       -> enum_type
          | ARRAY LBRACK range (COMMA range)* RBRACK OF type_spec -> array_type
          | STRUCT var_decl* END_STRUCT                          -> struct_type
          | BROKEN                                                -> bad_type
range: expr RANGE expr

?initial: expr
        | LBRACK [array_item (COMMA array_item)*] RBRACK         -> array_initial
        | LPAR field_initial (COMMA field_initial)* RPAR         -> struct_initial
?array_item: initial
           | LITERAL LPAR [array_item (COMMA array_item)*] RPAR  -> repeated
field_initial: IDENT ASSIGN initial

statements: statement*
?statement: SEMI                                                 -> nothing
          | ref ASSIGN expr SEMI                                 -> assign
          | call SEMI                                            -> invoke
          | IF expr THEN statements elsif* [otherwise] END_IF SEMI -> if_
          | CASE expr OF case_item* [otherwise] END_CASE SEMI    -> case
          | FOR ref ASSIGN expr TO expr [by] DO statements END_FOR SEMI -> for_
          | WHILE expr DO statements END_WHILE SEMI              -> while_
          | REPEAT statements UNTIL expr [SEMI] END_REPEAT SEMI  -> repeat
          | EXIT SEMI                                            -> jump
          | CONTINUE SEMI                                        -> jump
          | RETURN SEMI                                          -> jump
          | BROKEN                                                -> nothing
elsif: ELSIF expr THEN statements
otherwise: ELSE statements
by: BY expr
?case_item: labels | statement
labels: label (COMMA label)* COLON
label: expr [RANGE expr]

?expr: xor_ | expr OR xor_                                       -> binary
?xor_: and_ | xor_ XOR and_                                      -> binary
?and_: equal | and_ AND equal                                    -> binary
?equal: compare | equal EQ compare -> binary | equal NE compare  -> binary
?compare: sum | compare LT sum -> binary | compare GT sum -> binary
        | compare LE sum -> binary | compare GE sum              -> binary
?sum: term | sum PLUS term -> binary | sum MINUS term            -> binary
?term: power | term STAR power -> binary | term SLASH power -> binary
     | term MOD power                                            -> binary
?power: unary | power POWER unary                                -> binary
?unary: primary | MINUS unary -> unary | PLUS unary -> unary | NOT unary -> unary
?primary: LITERAL -> literal
        | ref
        | call
        | LPAR expr RPAR                                         -> paren
        | HOLE                                                   -> bad
?ref: IDENT                                                      -> name
    | DIRECT                                                     -> direct
    | ref DOT IDENT                                              -> member
    | ref DOT LITERAL                                            -> member
    | ref DOT DIRECT                                             -> member
    | ref LBRACK expr (COMMA expr)* RBRACK                       -> index
call: ref LPAR args RPAR
    | (AND | OR | XOR | MOD) LPAR args RPAR
    | ref LPAR RPAR
args: arg (COMMA arg)*
arg: expr                                                        -> value_arg
   | IDENT ASSIGN expr                                           -> input_arg
   | IDENT ARROW ref                                             -> output_arg
   | NOT IDENT ARROW ref                                         -> output_arg

configuration: CONFIGURATION IDENT config_item* END_CONFIGURATION
             | CONFIGURATION IDENT error_item END_CONFIGURATION
config_item: var_block | resource | task | instance
error_item: BROKEN -> nothing
resource: RESOURCE IDENT ON IDENT resource_item* END_RESOURCE
resource_item: var_block | task | instance
task: TASK IDENT LPAR args RPAR SEMI
instance: PROGRAM IDENT [WITH IDENT] COLON IDENT SEMI
"""
)
