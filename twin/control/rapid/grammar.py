"""The grammar of the subset of RAPID, LALR(1), for lark.

Every name in capitals is a token of the scanner. `BROKEN` and `HOLE` are tokens that no source
holds: the parser puts the one in the place of a statement or a declaration that cannot be read, the
other in the place of an expression, and goes on behind it.
"""

from .scanner import KEYWORDS, SIGNS

TERMINALS = sorted(KEYWORDS | set(SIGNS.values()) | {"IDENT", "NUMBER", "STRING", "BROKEN", "HOLE"})

GRAMMAR = (
    "%declare "
    + " ".join(TERMINALS)
    + r"""
start: module*
?module: MODULE IDENT [attributes] data* routine* ENDMODULE       -> module
       | BROKEN                                                   -> nothing
attributes: LPAR attribute (COMMA attribute)* RPAR
!attribute: SYSMODULE | NOSTEPIN | NOVIEW | VIEWONLY | READONLY

?data: [scope] kind type_name IDENT [sizes] [ASSIGN expr] SEMI    -> data
     | RECORD IDENT field* ENDRECORD                              -> record
     | ALIAS IDENT IDENT SEMI                                     -> alias
     | BROKEN                                                     -> nothing
     | SEMI                                                       -> nothing
!scope: LOCAL | TASK
!kind: CONST | VAR | PERS
type_name: IDENT
sizes: LBRACE expr (COMMA expr)* RBRACE
field: type_name IDENT SEMI

?routine: [LOCAL] PROC IDENT LPAR [params] RPAR body ENDPROC      -> proc
        | [LOCAL] FUNC type_name IDENT LPAR [params] RPAR body ENDFUNC -> func
        | [LOCAL] TRAP IDENT body ENDTRAP                         -> trap
body: local* statements [handler] [undo]
?local: kind type_name IDENT [sizes] [ASSIGN expr] SEMI           -> local
handler: ERROR statements
undo: UNDO statements
params: param ([COMMA] param)*
?param: [mode] type_name IDENT [stars]                            -> param
      | BSLASH choice (BAR choice)*                               -> options
choice: [mode] type_name IDENT [stars]
!mode: INOUT | VAR | PERS
stars: LBRACE STAR (COMMA STAR)* RBRACE

statements: statement*
?statement: simple
          | IF expr THEN statements elsif* [otherwise] ENDIF [SEMI] -> if_
          | WHILE expr DO statements ENDWHILE [SEMI]              -> while_
          | FOR IDENT FROM expr TO expr [step] DO statements ENDFOR [SEMI] -> for_
          | TEST expr case* [default] ENDTEST [SEMI]              -> test
          | IDENT COLON                                           -> label
elsif: ELSEIF expr THEN statements
otherwise: ELSE statements
step: STEP expr
case: CASE expr (COMMA expr)* COLON statements
default: DEFAULT COLON statements

?simple: SEMI                                                     -> nothing
       | ref ASSIGN expr SEMI                                     -> assign
       | IDENT [args] SEMI                                        -> invoke
       | IF expr simple                                           -> compact
       | GOTO IDENT SEMI                                          -> goto
       | RETURN [expr] SEMI                                       -> return_
       | RAISE [expr] SEMI                                        -> raise_
       | RETRY SEMI                                               -> word
       | TRYNEXT SEMI                                             -> word
       | EXIT SEMI                                                -> word
       | CONNECT IDENT WITH IDENT SEMI                            -> connect
       | BROKEN                                                   -> nothing
args: arg ([COMMA] option | COMMA arg)*
    | option ([COMMA] option | COMMA arg)*
arg: expr
option: BSLASH IDENT                                              -> switch
      | BSLASH IDENT ASSIGN expr                                  -> option
      | BSLASH IDENT QUERY IDENT                                  -> maybe

?expr: term | expr OR term -> binary | expr XOR term -> binary
?term: and_ | NOT term -> unary
?and_: relation | and_ AND relation -> binary | and_ AND NOT relation -> and_not
?relation: sum
         | sum LT sum -> binary | sum GT sum -> binary | sum LE sum -> binary
         | sum GE sum -> binary | sum EQ sum -> binary | sum NE sum -> binary
?sum: product | sum PLUS product -> binary | sum MINUS product -> binary
?product: signed | product STAR signed -> binary | product SLASH signed -> binary
        | product DIV signed -> binary | product MOD signed -> binary
?signed: primary | MINUS signed -> unary | PLUS signed -> unary
?primary: NUMBER -> number | STRING -> text | TRUE -> truth | FALSE -> truth
        | ref
        | IDENT LPAR [args] RPAR                                  -> call
        | LPAR expr RPAR                                          -> paren
        | LBRACK [expr (COMMA expr)*] RBRACK                      -> aggregate
        | HOLE                                                    -> bad
?ref: IDENT                                                       -> name
    | ref DOT IDENT                                               -> member
    | ref LBRACE expr (COMMA expr)* RBRACE                        -> index
"""
)
