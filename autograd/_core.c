/* The compiled core: what autograd/graph.py, value.py and op.py specify, with a node as one plain struct.

   Those modules are the reference; what is here has their interface and gives the same bits, and leaves to them whatever
   is rare: a number that is not finite, an operand that is neither a Value nor a float nor an int, an op of somebody's
   own, all messages. No derivative is written here: _kernels.h has the table. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <structmember.h>

enum { INTERFACE = 1 }; /* what core.py asks for: a build of other sources does not run */

static PyObject *math_hypot;

/* CPython has a hypot of its own, which rounds otherwise than C's once in a while. */
static double length(double a, double b)
{
    double result = NAN;
    PyObject *x = PyFloat_FromDouble(a), *y = PyFloat_FromDouble(b), *found = NULL;
    if (x != NULL && y != NULL)
        found = PyObject_CallFunctionObjArgs(math_hypot, x, y, NULL);
    if (found != NULL)
        result = PyFloat_AsDouble(found);
    PyErr_Clear(); /* nan sends the caller to Python, which meets the error again */
    Py_XDECREF(x);
    Py_XDECREF(y);
    Py_XDECREF(found);
    return result;
}

#include "_kernels.h"

enum { ADD, SUB, MUL, DIV, NEG, ABS, POW, INFIX_OPS };
static const char *const infix_names[INFIX_OPS] = {"add", "sub", "mul", "div", "neg", "abs", "pow"};

/* What the Python side hands over in register(). */
static PyTypeObject *value_type;      /* Value */
static PyObject *infix_ops[INFIX_OPS]; /* the entries of the table */
static PyObject *infix_strings[INFIX_OPS];
static PyObject *slow_apply, *slow_backward, *slow_refresh, *slow_call, *slow_gathered;
static PyObject *as_float, *watcher, *make_tape, *wide_type;
static PyObject *hook; /* what debug() makes of each new node, or NULL */
static PyObject *empty;

/* ---- Nodes ---- */

typedef struct {
    Py_ssize_t count, n_parents; /* operands, and nodes among them */
    PyObject *args[];            /* and behind them the partials, one for each parent */
} Wide;

typedef struct Node {
    PyObject_HEAD
    double data, grad;
    PyObject *label, *op; /* op may be NULL, for a leaf */
    struct Node *a, *b;
    double da, db; /* beside a constant, db is that */
    Wide *wide;
    double cotangent; /* during backward, what has arrived so far */
    uint32_t mark;    /* during a walk, one more than the place in the order */
    uint8_t reached;  /* during backward, whether anything has arrived */
    uint8_t constant; /* where the operand that is no node stands: 0 nowhere, 1 in front of a, 2 behind it */
} Node;

static PyTypeObject NodeType;
#define is_node(x) PyObject_TypeCheck(x, &NodeType)

static inline double *partials_of(Wide *wide) { return (double *)(wide->args + wide->count); }

enum { MOST_FREE = 8192 };
static Node *free_nodes; /* linked by a */
static int n_free;

static Node *new_node(void)
{
    Node *node = free_nodes;
    if (node != NULL) {
        free_nodes = node->a;
        n_free--;
        return (Node *)PyObject_Init((PyObject *)node, value_type);
    }
    return PyObject_New(Node, value_type);
}

static void free_node(Node *node)
{
    if (Py_TYPE(node) == value_type && n_free < MOST_FREE) {
        node->a = free_nodes;
        free_nodes = node;
        n_free++;
    }
    else
        Py_TYPE(node)->tp_free((PyObject *)node);
}

/* Freeing a graph never recurses: what a node refers to waits here until the outermost call lets it go. So what dies
   while a finalizer of a subclass runs is let go after it. */
static PyObject **dying;
static Py_ssize_t n_dying, dying_room;
static int is_draining;

static inline void let_go(PyObject *object)
{
    if (object == NULL)
        return;
    if (Py_REFCNT(object) > 1) {
        Py_DECREF(object);
        return;
    }
    if (n_dying == dying_room) {
        Py_ssize_t room = dying_room ? 2 * dying_room : 1024;
        PyObject **more = PyMem_Realloc(dying, room * sizeof *more);
        if (more == NULL) {
            Py_DECREF(object); /* deeper than memory: recursion is all that is left */
            return;
        }
        dying = more;
        dying_room = room;
    }
    dying[n_dying++] = object;
}

static void release_parts(Node *node)
{
    Py_CLEAR(node->label);
    Py_CLEAR(node->op);
    let_go((PyObject *)node->a);
    let_go((PyObject *)node->b);
    if (node->wide != NULL) {
        for (Py_ssize_t k = 0; k < node->wide->count; k++)
            let_go(node->wide->args[k]);
        PyMem_Free(node->wide);
    }
    node->a = node->b = NULL;
    node->wide = NULL;
}

static void node_dealloc(Node *node)
{
    release_parts(node);
    free_node(node); /* a subclass's type is let go by what calls this */
    if (is_draining)
        return;
    is_draining = 1;
    while (n_dying) {
        PyObject *object = dying[--n_dying];
        if (Py_TYPE(object) == value_type && Py_REFCNT(object) == 1) {
            release_parts((Node *)object);
            free_node((Node *)object);
            Py_DECREF(value_type);
        }
        else
            Py_DECREF(object);
    }
    is_draining = 0;
}

static inline void set_plain(Node *node, double data, PyObject *op)
{
    node->data = data;
    node->grad = 0.0;
    node->label = Py_NewRef(empty);
    node->op = Py_XNewRef(op);
    node->a = node->b = NULL;
    node->da = node->db = 0.0;
    node->wide = NULL;
    node->cotangent = 0.0;
    node->mark = 0;
    node->reached = 0;
    node->constant = 0;
}

static PyObject *finished(Node *node)
{
    if (node == NULL || hook == NULL)
        return (PyObject *)node;
    PyObject *seen = PyObject_CallOneArg(hook, (PyObject *)node);
    Py_DECREF(node);
    return seen;
}

/* Make the node of an op of one or two operands; one of them may be a number. */
static PyObject *narrow(PyObject *op, double y, const double *x, const double *d, PyObject *const *operands, int count)
{
    Node *node = new_node();
    if (node == NULL)
        return NULL;
    set_plain(node, y, op);
    int first = is_node(operands[0]) ? 0 : 1;
    node->a = (Node *)Py_NewRef(operands[first]);
    node->da = d[first];
    if (count == 2) {
        if (first == 0 && is_node(operands[1])) {
            node->b = (Node *)Py_NewRef(operands[1]);
            node->db = d[1];
        }
        else {
            node->constant = first == 0 ? 2 : 1;
            node->db = x[1 - first];
        }
    }
    return finished(node);
}

/* Make the node of an op of more operands; d has a partial for each of them. */
static PyObject *wide_node(PyObject *op, double y, const double *x, const double *d, PyObject *const *operands,
                           Py_ssize_t count, Py_ssize_t n_parents)
{
    Wide *wide = PyMem_Malloc(sizeof *wide + count * sizeof(PyObject *) + n_parents * sizeof(double));
    Node *node = wide == NULL ? NULL : new_node();
    if (node == NULL) {
        PyMem_Free(wide);
        return wide == NULL ? PyErr_NoMemory() : NULL;
    }
    set_plain(node, y, op);
    node->wide = wide;
    wide->n_parents = n_parents;
    wide->count = 0;
    double *partials = (double *)(wide->args + count);
    for (Py_ssize_t k = 0; k < count; k++) {
        if (is_node(operands[k])) {
            wide->args[k] = Py_NewRef(operands[k]);
            *partials++ = d[k];
        }
        else if ((wide->args[k] = PyFloat_FromDouble(x[k])) == NULL) {
            wide->count = k;
            Py_DECREF(node);
            return NULL;
        }
    }
    wide->count = count;
    return finished(node);
}

static PyObject *hidden_names[3]; /* _apply, _infix, _prefix */

/* Whether a subclass of Value says itself what ops mean for it. */
static int is_of_own_mind(PyTypeObject *type)
{
    for (int k = 0; k < 3; k++)
        if (_PyType_Lookup(type, hidden_names[k]) != _PyType_Lookup(value_type, hidden_names[k]))
            return 1;
    return 0;
}

/* Read an operand: 1 for a node, 0 for a number, -1 for what Python has to look at. */
static inline int read_operand(PyObject *operand, double *x)
{
    if (Py_TYPE(operand) == value_type || (is_node(operand) && !is_of_own_mind(Py_TYPE(operand)))) {
        *x = ((Node *)operand)->data;
        return 1;
    }
    if (PyFloat_CheckExact(operand)) {
        *x = PyFloat_AS_DOUBLE(operand);
        return 0;
    }
    if (PyLong_CheckExact(operand)) {
        *x = PyLong_AsDouble(operand);
        if (*x == -1.0 && PyErr_Occurred()) {
            PyErr_Clear();
            return -1;
        }
        return 0;
    }
    return -1;
}

static int link_node(Node *self, PyObject *args, PyObject *partials);

static int node_init(Node *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"data", "label", NULL};
    PyObject *data, *label = empty;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:Value", names, &data, &label))
        return -1;
    double number;
    if (PyFloat_CheckExact(data))
        number = PyFloat_AS_DOUBLE(data);
    else {
        PyObject *converted = PyObject_CallOneArg(as_float, data);
        if (converted == NULL)
            return -1;
        number = PyFloat_AsDouble(converted);
        Py_DECREF(converted);
    }
    if (!PyUnicode_Check(label)) {
        PyErr_Format(PyExc_TypeError, "a label is text, not %R", label);
        return -1;
    }
    if (self->a != NULL || self->wide != NULL) { /* it is made once more, as a leaf */
        PyObject *none = PyTuple_New(0);
        int linked = none == NULL ? -1 : link_node(self, none, none);
        Py_XDECREF(none);
        if (linked < 0)
            return -1;
    }
    self->data = number;
    self->grad = 0.0;
    Py_CLEAR(self->op);
    Py_XSETREF(self->label, Py_NewRef(label));
    return 0;
}

static PyObject *node_alloc(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args;
    (void)kwargs;
    Node *node = type == value_type ? new_node() : (Node *)type->tp_alloc(type, 0);
    if (node != NULL)
        set_plain(node, 0.0, NULL);
    return (PyObject *)node;
}

/* Attributes */

static int set_number(double *slot, PyObject *given, const char *name)
{
    if (given == NULL) {
        PyErr_Format(PyExc_AttributeError, "%s cannot be deleted", name);
        return -1;
    }
    if (PyFloat_CheckExact(given)) {
        *slot = PyFloat_AS_DOUBLE(given);
        return 0;
    }
    PyObject *converted = PyObject_CallOneArg(as_float, given);
    if (converted == NULL)
        return -1;
    *slot = PyFloat_AsDouble(converted);
    Py_DECREF(converted);
    return 0;
}

static PyObject *get_data(Node *self, void *closure) { return (void)closure, PyFloat_FromDouble(self->data); }
static PyObject *get_grad(Node *self, void *closure) { return (void)closure, PyFloat_FromDouble(self->grad); }
static int set_data(Node *self, PyObject *x, void *closure) { return (void)closure, set_number(&self->data, x, "data"); }
static int set_grad(Node *self, PyObject *x, void *closure) { return (void)closure, set_number(&self->grad, x, "grad"); }

static PyObject *get_label(Node *self, void *closure) { return (void)closure, Py_NewRef(self->label); }

static int set_label(Node *self, PyObject *label, void *closure)
{
    (void)closure;
    if (label == NULL) {
        PyErr_SetString(PyExc_AttributeError, "label cannot be deleted");
        return -1;
    }
    if (!PyUnicode_Check(label)) {
        PyErr_Format(PyExc_TypeError, "a label is text, not %R", label);
        return -1;
    }
    Py_XSETREF(self->label, Py_NewRef(label));
    return 0;
}

static PyObject *get_op(Node *self, void *closure)
{
    return (void)closure, Py_NewRef(self->op == NULL ? Py_None : self->op);
}

static int set_op(Node *self, PyObject *op, void *closure)
{
    (void)closure;
    Py_XSETREF(self->op, op == NULL || op == Py_None ? NULL : Py_NewRef(op));
    return 0;
}

static PyObject *get_parents(Node *self, void *closure)
{
    (void)closure;
    if (self->wide != NULL) {
        PyObject *parents = PyTuple_New(self->wide->n_parents);
        if (parents == NULL)
            return NULL;
        for (Py_ssize_t k = 0, place = 0; k < self->wide->count; k++)
            if (is_node(self->wide->args[k]))
                PyTuple_SET_ITEM(parents, place++, Py_NewRef(self->wide->args[k]));
        return parents;
    }
    if (self->a == NULL)
        return PyTuple_New(0);
    return self->b == NULL ? PyTuple_Pack(1, self->a) : PyTuple_Pack(2, self->a, self->b);
}

static PyObject *get_partials(Node *self, void *closure)
{
    (void)closure;
    if (self->wide != NULL) {
        PyObject *partials = PyTuple_New(self->wide->n_parents);
        for (Py_ssize_t k = 0; partials != NULL && k < self->wide->n_parents; k++) {
            PyObject *partial = PyFloat_FromDouble(partials_of(self->wide)[k]);
            if (partial == NULL)
                Py_CLEAR(partials);
            else
                PyTuple_SET_ITEM(partials, k, partial);
        }
        return partials;
    }
    if (self->a == NULL)
        return PyTuple_New(0);
    return self->b == NULL ? Py_BuildValue("(d)", self->da) : Py_BuildValue("(dd)", self->da, self->db);
}

static PyObject *get_args(Node *self, void *closure)
{
    if (self->wide != NULL) {
        PyObject *args = PyTuple_New(self->wide->count);
        for (Py_ssize_t k = 0; args != NULL && k < self->wide->count; k++)
            PyTuple_SET_ITEM(args, k, Py_NewRef(self->wide->args[k]));
        return args;
    }
    if (self->constant == 2)
        return Py_BuildValue("(Od)", self->a, self->db);
    if (self->constant == 1)
        return Py_BuildValue("(dO)", self->db, self->a);
    return get_parents(self, closure);
}

static PyObject *get_wide(Node *self, void *closure)
{
    if (self->wide == NULL)
        Py_RETURN_NONE;
    PyObject *parents = get_parents(self, closure), *partials = get_partials(self, closure), *wide = NULL;
    if (parents != NULL && partials != NULL)
        wide = PyObject_CallFunctionObjArgs(wide_type, parents, partials, NULL);
    Py_XDECREF(parents);
    Py_XDECREF(partials);
    return wide;
}

/* Take operands and the partials towards the nodes among them for those of this node. */
static int link_node(Node *self, PyObject *args, PyObject *partials)
{
    Py_ssize_t count = PyTuple_GET_SIZE(args), n_parents = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *arg = PyTuple_GET_ITEM(args, k);
        n_parents += is_node(arg);
        if (!is_node(arg) && !PyFloat_Check(arg)) {
            PyErr_Format(PyExc_TypeError, "an operand is a Value or a float, not %R", arg);
            return -1;
        }
    }
    if (PyTuple_GET_SIZE(partials) != n_parents || (count && count <= 2 && !n_parents)) {
        PyErr_SetString(PyExc_ValueError, "a node has as many partials as parents, and at least one");
        return -1;
    }
    double stack[2] = {0.0, 0.0}, constant = 0.0;
    Wide *wide = NULL;
    double *d = stack;
    if (count > 2) {
        wide = PyMem_Malloc(sizeof *wide + count * sizeof(PyObject *) + n_parents * sizeof(double));
        if (wide == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        wide->count = count;
        wide->n_parents = n_parents;
        d = partials_of(wide);
    }
    for (Py_ssize_t k = 0; k < n_parents; k++) {
        d[k] = PyFloat_AsDouble(PyTuple_GET_ITEM(partials, k));
        if (d[k] == -1.0 && PyErr_Occurred()) {
            PyMem_Free(wide);
            return -1;
        }
    }
    Node *a = NULL, *b = NULL;
    int where = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        PyObject *arg = Py_NewRef(PyTuple_GET_ITEM(args, k));
        if (wide != NULL)
            wide->args[k] = arg;
        else if (!is_node(arg)) {
            where = k ? 2 : 1;
            constant = PyFloat_AS_DOUBLE(arg);
            Py_DECREF(arg);
        }
        else if (a == NULL)
            a = (Node *)arg;
        else
            b = (Node *)arg;
    }
    Node *old_a = self->a, *old_b = self->b;
    Wide *old = self->wide;
    self->a = a;
    self->b = b;
    self->wide = wide;
    self->da = wide == NULL ? stack[0] : 0.0;
    self->db = where ? constant : wide == NULL ? stack[1] : 0.0;
    self->constant = (uint8_t)where;
    Py_XDECREF(old_a);
    Py_XDECREF(old_b);
    for (Py_ssize_t k = 0; old != NULL && k < old->count; k++)
        Py_DECREF(old->args[k]);
    PyMem_Free(old);
    return 0;
}

static PyObject *node_link(Node *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyTuple_Check(args[0]) || !PyTuple_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "_link takes three tuples: args, parents, partials");
        return NULL;
    }
    if (link_node(self, args[0], args[2]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- Ops ---- */

typedef struct {
    double *constants;
    int *code, *outputs;
    Py_ssize_t n_constants, n_steps, n_value; /* the first n_value steps are those of the value */
} Tape;

typedef struct {
    Tape *tape;
    int uses;
} TapePlace;

enum { AS_THEY_ARE, IN_A_LIST, AS_DOT_DOES, IN_PYTHON };

/* The base of Op: which kernel computes it, if any. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    kernel compute; /* NULL where Python computes it */
    int arity;
    int gathers;            /* how a call lists its operands */
    signed char chooses, undefined; /* -1 before anybody asked */
    TapePlace *tapes;       /* by the number of operands */
    Py_ssize_t n_tapes;
} Applicable;

static PyTypeObject ApplicableType;
static PyTypeObject *gathering_type; /* VariadicOp */
#define is_applicable(x) PyObject_TypeCheck(x, &ApplicableType)
enum { LONGEST_TAPE = 4096, AT_ONCE = 64, BEFORE_LONG = 3, MOST_STEPS = 4000000 };
static Py_ssize_t n_tape_steps; /* of all tapes, of 16 bytes each */

static int flag_of(PyObject *op, const char *name)
{
    PyObject *flag = PyObject_GetAttrString(op, name);
    int is_set = flag == NULL ? 0 : PyObject_IsTrue(flag);
    Py_XDECREF(flag);
    PyErr_Clear();
    return is_set > 0;
}

static inline int chooses(PyObject *op)
{
    if (op == NULL)
        return 0;
    if (!is_applicable(op))
        return flag_of(op, "chooses");
    Applicable *self = (Applicable *)op;
    if (self->chooses < 0)
        self->chooses = (signed char)flag_of(op, "chooses");
    return self->chooses;
}

static inline int is_undefined(PyObject *op)
{
    if (op == NULL)
        return 0;
    if (!is_applicable(op))
        return flag_of(op, "undefined");
    Applicable *self = (Applicable *)op;
    if (self->undefined < 0)
        self->undefined = (signed char)flag_of(op, "undefined");
    return self->undefined;
}

static void free_tape(Tape *tape)
{
    if (tape != NULL) {
        PyMem_Free(tape->constants);
        PyMem_Free(tape->code);
        PyMem_Free(tape->outputs);
        PyMem_Free(tape);
    }
}

static void *copied(PyObject *bytes)
{
    void *copy = PyMem_Malloc(PyBytes_GET_SIZE(bytes) + 1);
    if (copy != NULL)
        memcpy(copy, PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    return copy;
}

static Tape *new_tape(PyObject *op, Py_ssize_t count)
{
    PyObject *made = PyObject_CallFunction(make_tape, "On", op, count), *constants, *code, *outputs;
    Py_ssize_t n_value;
    Tape *tape = NULL;
    if (made != NULL && PyArg_ParseTuple(made, "SSSn", &constants, &code, &outputs, &n_value)
        && (tape = PyMem_Calloc(1, sizeof *tape)) != NULL) {
        tape->constants = copied(constants);
        tape->code = copied(code);
        tape->outputs = copied(outputs);
        tape->n_constants = PyBytes_GET_SIZE(constants) / (Py_ssize_t)sizeof(double);
        tape->n_steps = PyBytes_GET_SIZE(code) / (Py_ssize_t)(4 * sizeof(int));
        tape->n_value = n_value;
        if (!tape->constants || !tape->code || !tape->outputs) {
            free_tape(tape);
            tape = NULL;
        }
    }
    Py_XDECREF(made);
    if (PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_Exception))
        PyErr_Clear(); /* but not an interrupt */
    return tape;
}

/* The tape of an op of any number of operands for this many; NULL where Python has to compute it. A long one takes its
   time to be made, so the first few calls do without. */
static Tape *tape_of(Applicable *op, Py_ssize_t count)
{
    if ((op->gathers != IN_A_LIST && op->gathers != AS_DOT_DOES) || count < 1 || count > LONGEST_TAPE || make_tape == NULL)
        return NULL;
    if (count >= op->n_tapes) {
        TapePlace *more = PyMem_Realloc(op->tapes, (count + 1) * sizeof *more);
        if (more == NULL)
            return NULL;
        memset(more + op->n_tapes, 0, (count + 1 - op->n_tapes) * sizeof *more);
        op->tapes = more;
        op->n_tapes = count + 1;
    }
    if (op->tapes[count].tape == NULL && ++op->tapes[count].uses > (count > AT_ONCE ? BEFORE_LONG : 0)) {
        Tape *tape = n_tape_steps < MOST_STEPS ? new_tape((PyObject *)op, count) : NULL;
        if (tape != NULL && op->tapes[count].tape == NULL) { /* making it has run Python, which may have come here too */
            op->tapes[count].tape = tape;
            n_tape_steps += tape->n_steps;
        }
        else
            free_tape(tape);
    }
    return op->tapes[count].tape;
}

static Tape *known_tape(const Applicable *op, Py_ssize_t count)
{
    return count < op->n_tapes ? op->tapes[count].tape : NULL;
}

/* Run a tape: returns 0 where a number is not finite. registers has room for all; the operands are there already. */
static int run_tape(const Tape *tape, double *registers, Py_ssize_t count, double *y, double *d)
{
    memcpy(registers + count, tape->constants, tape->n_constants * sizeof(double));
    double *next = registers + count + tape->n_constants;
    const int *step = tape->code;
    for (Py_ssize_t k = 0; k < tape->n_steps; k++, step += 4, next++) {
        *next = base_op(step[0], registers[step[1]], registers[step[2]], registers[step[3]]);
        if (k < tape->n_value && base_op_may_fail[step[0]] && !isfinite(*next))
            return 0;
        if (d == NULL && k + 1 == tape->n_value)
            break;
    }
    *y = registers[tape->outputs[0]];
    for (Py_ssize_t k = 0; d != NULL && k < count; k++)
        d[k] = registers[tape->outputs[1 + k]];
    return isfinite(*y);
}

/* Apply an op of any number of operands. Returns NULL without an error where Python has to do it. */
static PyObject *apply_wide(Applicable *op, PyObject *const *operands, Py_ssize_t count)
{
    Tape *tape = tape_of(op, count);
    if (tape == NULL)
        return NULL;
    double small[256];
    size_t room = (size_t)(2 * count + tape->n_constants + tape->n_steps);
    double *registers = room <= 256 ? small : PyMem_Malloc(room * sizeof(double));
    if (registers == NULL)
        return NULL;
    double *d = registers, *x = registers + count, y;
    PyObject *result = NULL;
    Py_ssize_t n_parents = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        int kind = read_operand(operands[k], x + k);
        if (kind < 0)
            goto done;
        n_parents += kind;
    }
    if (!run_tape(tape, x, count, &y, n_parents ? d : NULL))
        goto done;
    if (!n_parents) {
        result = PyFloat_FromDouble(y);
        goto done;
    }
    for (Py_ssize_t k = 0; k < count; k++)
        if (is_node(operands[k]) && !isfinite(d[k]))
            goto done;
    result = count > 2 ? wide_node((PyObject *)op, y, x, d, operands, count, n_parents)
                       : narrow((PyObject *)op, y, x, d, operands, (int)count);
done:
    if (registers != small)
        PyMem_Free(registers);
    return result;
}

/* Whether a power has the exponent 0: there Python has the slope 0.0, whatever the signs. */
static inline int is_zeroth_power(const double *x) { return x[1] == 0.0; }

/* Apply an op to its operands, as Value._apply and Op.apply do. Returns NULL without an error likewise. */
static PyObject *apply_fast(Applicable *op, PyObject *const *operands, Py_ssize_t count)
{
    if (op->gathers)
        return apply_wide(op, operands, count);
    if (op->compute == NULL || count != op->arity)
        return NULL;
    double x[3] = {0.0, 0.0, 0.0}, d[3], y;
    unsigned wanted = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        int kind = read_operand(operands[k], x + k);
        if (kind < 0)
            return NULL;
        wanted |= (unsigned)kind << k;
    }
    if ((op->compute == compute_pow && is_zeroth_power(x)) || !op->compute(x, &y, d, wanted))
        return NULL;
    if (!wanted)
        return PyFloat_FromDouble(y);
    if (count <= 2)
        return narrow((PyObject *)op, y, x, d, operands, (int)count);
    Py_ssize_t n_parents = (wanted & 1u) + (wanted >> 1 & 1u) + (wanted >> 2 & 1u);
    return wide_node((PyObject *)op, y, x, d, operands, count, n_parents);
}

/* Call a Python function with self in front of the arguments. */
static PyObject *called_with_self(PyObject *function, PyObject *self, PyObject *const *args, Py_ssize_t count,
                                  PyObject *names)
{
    Py_ssize_t total = count + (names == NULL ? 0 : PyTuple_GET_SIZE(names));
    PyObject *small[8], **all = total < 8 ? small : PyMem_Malloc((total + 1) * sizeof *all);
    if (all == NULL)
        return PyErr_NoMemory();
    all[0] = self;
    memcpy(all + 1, args, total * sizeof *all);
    PyObject *result = PyObject_Vectorcall(function, all, count + 1, names);
    if (all != small)
        PyMem_Free(all);
    return result;
}

static PyObject *applicable_apply(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *result = apply_fast((Applicable *)self, args, count);
    return result != NULL || PyErr_Occurred() ? result : called_with_self(slow_call, self, args, count, NULL);
}

static int items_of(PyObject *given, PyObject ***items, Py_ssize_t *count)
{
    if (PyList_CheckExact(given))
        *items = ((PyListObject *)given)->ob_item;
    else if (PyTuple_CheckExact(given))
        *items = ((PyTupleObject *)given)->ob_item;
    else
        return 0;
    *count = Py_SIZE(given);
    return 1;
}

/* Call an op that takes lists. Returns NULL without an error where Python has to gather: so where a tape is to be made
   first, which runs Python, to which a list may be changed meanwhile. */
static PyObject *gathered(Applicable *op, PyObject *const *args, Py_ssize_t count)
{
    PyObject **ws, **xs;
    Py_ssize_t n, m;
    if (op->gathers == IN_A_LIST && count == 1 && items_of(args[0], &ws, &n))
        return known_tape(op, n) == NULL ? NULL : apply_wide(op, ws, n);
    if (op->gathers != AS_DOT_DOES || (count != 2 && count != 3) || !items_of(args[0], &ws, &n) || !items_of(args[1], &xs, &m)
        || !n || n != m)
        return NULL;
    PyObject *bias = count == 3 ? args[2] : NULL;
    if (bias != NULL && PyFloat_CheckExact(bias) && PyFloat_AS_DOUBLE(bias) == 0.0 && !signbit(PyFloat_AS_DOUBLE(bias)))
        bias = NULL;
    if (known_tape(op, 2 * n + (bias != NULL)) == NULL || (bias != NULL && !PyFloat_CheckExact(bias) && !is_node(bias)))
        return NULL;
    PyObject *small[65], **all = 2 * n + 1 <= 65 ? small : PyMem_Malloc((2 * n + 1) * sizeof *all);
    if (all == NULL)
        return PyErr_NoMemory();
    memcpy(all, ws, n * sizeof *all);
    memcpy(all + n, xs, n * sizeof *all);
    all[2 * n] = bias;
    PyObject *result = apply_wide(op, all, 2 * n + (bias != NULL));
    if (all != small)
        PyMem_Free(all);
    return result;
}

static PyObject *applicable_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    Py_ssize_t named = names == NULL ? 0 : PyTuple_GET_SIZE(names);
    if (((Applicable *)self)->gathers == AS_THEY_ARE) {
        if (!named)
            return applicable_apply(self, args, count);
        PyErr_Format(PyExc_TypeError, "%R takes no keyword arguments", self);
        return NULL;
    }
    PyObject *result = named ? NULL : gathered((Applicable *)self, args, count);
    return result != NULL || PyErr_Occurred() ? result : called_with_self(slow_gathered, self, args, count, names);
}

static void applicable_dealloc(Applicable *self)
{
    for (Py_ssize_t k = 0; k < self->n_tapes; k++)
        free_tape(self->tapes[k].tape);
    PyMem_Free(self->tapes);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *applicable_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args;
    (void)kwargs;
    Applicable *self = (Applicable *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->vectorcall = applicable_vectorcall;
        self->compute = NULL;
        self->arity = 0;
        self->gathers = gathering_type != NULL && PyType_IsSubtype(type, gathering_type) ? IN_PYTHON : 0;
        self->chooses = self->undefined = -1;
        self->tapes = NULL;
        self->n_tapes = 0;
    }
    return (PyObject *)self;
}

static PyMethodDef applicable_methods[] = {
    {"apply", (PyCFunction)(void (*)(void))applicable_apply, METH_FASTCALL,
     "Apply the op to its operands: numbers give a float, and anything else what its class makes of it."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject ApplicableType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "autograd._core.Applicable",
    .tp_doc = "What a call of an op does.",
    .tp_basicsize = sizeof(Applicable),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_new = applicable_new,
    .tp_dealloc = (destructor)applicable_dealloc,
    .tp_vectorcall_offset = offsetof(Applicable, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_methods = applicable_methods,
};

/* bind(op): let the kernel of an op of the table compute it. */
static PyObject *core_bind(PyObject *module, PyObject *op)
{
    (void)module;
    if (!is_applicable(op)) {
        PyErr_SetString(PyExc_TypeError, "bind takes an Op");
        return NULL;
    }
    Applicable *self = (Applicable *)op;
    PyObject *name = PyObject_GetAttrString(op, "name"), *arity = PyObject_GetAttrString(op, "arity");
    const char *text = name == NULL ? NULL : PyUnicode_AsUTF8(name);
    if (Py_TYPE(op)->tp_call == PyVectorcall_Call) /* Python 3.11 does not let a class inherit it */
        Py_TYPE(op)->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
    if (text != NULL && arity != NULL) {
        self->arity = (int)PyLong_AsLong(arity);
        for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++)
            if (!strcmp(kernels[k].name, text) && kernels[k].arity == self->arity)
                self->compute = kernels[k].compute;
        if (!self->arity)
            self->gathers = strcmp(text, "dot") ? IN_A_LIST : AS_DOT_DOES;
    }
    Py_XDECREF(name);
    Py_XDECREF(arity);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* set_gathering(class): let ops of a class list their operands in Python, unless they are bound. */
static PyObject *core_set_gathering(PyObject *module, PyObject *type)
{
    (void)module;
    if (!PyType_Check(type)) {
        PyErr_SetString(PyExc_TypeError, "set_gathering takes a class");
        return NULL;
    }
    Py_XSETREF(gathering_type, (PyTypeObject *)Py_NewRef(type));
    Py_RETURN_NONE;
}

/* An op as a method of its first operand. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *op, *name, *doc;
} Method;

static PyObject *method_vectorcall(Method *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
    return applicable_vectorcall(self->op, args, nargsf, names);
}

static PyObject *method_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *op, *name, *doc;
    static char *names[] = {"op", "name", "doc", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!UU:Method", names, &ApplicableType, &op, &name, &doc))
        return NULL;
    Method *self = (Method *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->vectorcall = (vectorcallfunc)method_vectorcall;
        self->op = Py_NewRef(op);
        self->name = Py_NewRef(name);
        self->doc = Py_NewRef(doc);
    }
    return (PyObject *)self;
}

static void method_dealloc(Method *self)
{
    Py_XDECREF(self->op);
    Py_XDECREF(self->name);
    Py_XDECREF(self->doc);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyObject *method_get(PyObject *self, PyObject *object, PyObject *type)
{
    (void)type;
    return object == NULL || object == Py_None ? Py_NewRef(self) : PyMethod_New(self, object);
}

static PyMemberDef method_members[] = {
    {"__name__", T_OBJECT, offsetof(Method, name), READONLY, NULL},
    {"__doc__", T_OBJECT, offsetof(Method, doc), READONLY, NULL},
    {"__wrapped__", T_OBJECT, offsetof(Method, op), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject MethodType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "autograd._core.Method",
    .tp_basicsize = sizeof(Method),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(Method, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_new = method_new,
    .tp_dealloc = (destructor)method_dealloc,
    .tp_descr_get = method_get,
    .tp_members = method_members,
};

/* ---- Arithmetic ---- */

static PyObject *infix(int which, PyObject *l, PyObject *r)
{
    double x[2], d[2], y;
    int left = read_operand(l, x), right = read_operand(r, x + 1);
    if (left >= 0 && right >= 0 && !(which == POW && is_zeroth_power(x))) {
        unsigned wanted = (unsigned)left | (unsigned)right << 1;
        PyObject *operands[] = {l, r};
        int ok = 0;
        switch (which) { /* so that the compiler can put the kernel here */
        case ADD: ok = compute_add(x, &y, d, wanted); break;
        case SUB: ok = compute_sub(x, &y, d, wanted); break;
        case MUL: ok = compute_mul(x, &y, d, wanted); break;
        case DIV: ok = compute_div(x, &y, d, wanted); break;
        case POW: ok = compute_pow(x, &y, d, wanted); break;
        }
        if (ok)
            return narrow(infix_ops[which], y, x, d, operands, 2);
    }
    PyObject *self = is_node(l) ? l : r;
    return PyObject_CallMethodObjArgs(self, hidden_names[1], infix_strings[which], l, r, NULL);
}

static PyObject *prefix(int which, PyObject *operand)
{
    double x = ((Node *)operand)->data, d, y;
    if (Py_TYPE(operand) != value_type && is_of_own_mind(Py_TYPE(operand)))
        return PyObject_CallMethodObjArgs(operand, hidden_names[2], infix_strings[which], NULL);
    if (which == NEG ? compute_neg(&x, &y, &d, 1) : compute_abs(&x, &y, &d, 1))
        return narrow(infix_ops[which], y, &x, &d, &operand, 1);
    PyObject *operands = PyTuple_Pack(1, operand), *result = NULL;
    if (operands != NULL)
        result = PyObject_CallFunctionObjArgs(slow_apply, infix_ops[which], operands, NULL);
    Py_XDECREF(operands);
    return result;
}

static PyObject *node_add(PyObject *l, PyObject *r) { return infix(ADD, l, r); }
static PyObject *node_sub(PyObject *l, PyObject *r) { return infix(SUB, l, r); }
static PyObject *node_mul(PyObject *l, PyObject *r) { return infix(MUL, l, r); }
static PyObject *node_div(PyObject *l, PyObject *r) { return infix(DIV, l, r); }
static PyObject *node_neg(PyObject *x) { return prefix(NEG, x); }
static PyObject *node_abs(PyObject *x) { return prefix(ABS, x); }
static PyObject *node_pos(PyObject *x) { return Py_NewRef(x); }

static PyObject *node_pow(PyObject *l, PyObject *r, PyObject *modulus)
{
    if (modulus != Py_None)
        Py_RETURN_NOTIMPLEMENTED;
    return infix(POW, l, r);
}

static int node_bool(PyObject *x) { return ((Node *)x)->data != 0.0; }

static PyNumberMethods node_number = {
    .nb_add = node_add,
    .nb_subtract = node_sub,
    .nb_multiply = node_mul,
    .nb_true_divide = node_div,
    .nb_power = node_pow,
    .nb_negative = node_neg,
    .nb_positive = node_pos,
    .nb_absolute = node_abs,
    .nb_bool = node_bool,
};

/* _apply(op, operands) */
static PyObject *node_apply(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count == 2 && is_applicable(args[0]) && PyTuple_CheckExact(args[1])) {
        PyObject *result = apply_fast((Applicable *)args[0], &PyTuple_GET_ITEM(args[1], 0), PyTuple_GET_SIZE(args[1]));
        if (result != NULL || PyErr_Occurred())
            return result;
    }
    return PyObject_Vectorcall(slow_apply, args, count, NULL);
}

/* record(op, data, args, partials): make the node of an op that Python has computed. */
static PyObject *core_record(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 4 || !PyTuple_Check(args[2]) || !PyTuple_Check(args[3])) {
        PyErr_SetString(PyExc_TypeError, "record takes an op, a number and two tuples");
        return NULL;
    }
    double data = PyFloat_AsDouble(args[1]);
    if (data == -1.0 && PyErr_Occurred())
        return NULL;
    Node *node = new_node();
    if (node == NULL)
        return NULL;
    set_plain(node, data, args[0]);
    if (link_node(node, args[2], args[3]) < 0) {
        Py_DECREF(node);
        return NULL;
    }
    return finished(node);
}

/* ---- Walks ---- */

typedef struct {
    Node **items;
    size_t count, room;
} Nodes;

static inline int push(Nodes *nodes, Node *node)
{
    if (nodes->count == nodes->room) {
        size_t room = nodes->room ? 2 * nodes->room : 256;
        Node **more = PyMem_Realloc(nodes->items, room * sizeof *more);
        if (more == NULL)
            return 0;
        nodes->items = more;
        nodes->room = room;
    }
    nodes->items[nodes->count++] = node;
    return 1;
}

static inline int place(Nodes *order, Node *node)
{
    if (node->mark)
        return 1;
    if (order->count >= UINT32_MAX - 1 || !push(order, node))
        return 0;
    node->mark = (uint32_t)order->count;
    return 1;
}

static void unmark(Nodes *order)
{
    for (size_t k = 0; k < order->count; k++)
        order->items[k]->mark = 0;
}

/* List what the waiting nodes depend on, parents before children, exactly as order_of in graph.py does, and mark each
   with its place. No Python code runs until they are unmarked. */
static int sort(Nodes *order, Nodes *waiting)
{
    while (waiting->count) {
        Node *node = waiting->items[--waiting->count], *a = node->a;
        while (a != NULL && !a->mark) {
            if (!push(waiting, node))
                return 0;
            node = a;
            a = a->a;
        }
        if (a != NULL) {
            Node *b = node->b;
            if (b == NULL || b->mark) {
                if (!place(order, node))
                    return 0;
            }
            else if (!push(waiting, node) || !push(waiting, b))
                return 0;
        }
        else if (node->wide == NULL || node->mark) {
            if (!place(order, node))
                return 0;
        }
        else {
            size_t before = waiting->count;
            if (!push(waiting, node))
                return 0;
            for (Py_ssize_t k = node->wide->count - 1; k >= 0; k--) /* backward: the first parent is to be on top */
                if (is_node(node->wide->args[k])) {
                    Node *parent = (Node *)node->wide->args[k];
                    if (!parent->mark && parent->op != NULL && !push(waiting, parent))
                        return 0;
                }
            size_t inner = waiting->count - before - 1;
            for (Py_ssize_t k = 0; k < node->wide->count; k++)
                if (is_node(node->wide->args[k])) {
                    Node *parent = (Node *)node->wide->args[k];
                    if (!parent->mark && parent->op == NULL && !place(order, parent)) /* a leaf waits for nothing */
                        return 0;
                }
            if (!inner) {
                waiting->count = before;
                if (!place(order, node))
                    return 0;
            }
        }
    }
    return 1;
}

static int order_from(PyObject *const *roots, Py_ssize_t count, Nodes *order)
{
    Nodes waiting = {NULL, 0, 0};
    int ok = 1;
    for (Py_ssize_t k = count - 1; ok && k >= 0; k--)
        ok = push(&waiting, (Node *)roots[k]);
    ok = ok && sort(order, &waiting);
    PyMem_Free(waiting.items);
    if (!ok) {
        unmark(order);
        PyMem_Free(order->items);
        PyErr_NoMemory();
    }
    return ok;
}

/* order_of(roots, start) */
static PyObject *core_order_of(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    PyObject *roots = count == 2 ? PySequence_List(args[0]) : NULL, *found = NULL;
    if (roots == NULL) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "order_of takes roots and a start");
        return NULL;
    }
    for (Py_ssize_t k = 0; k < PyList_GET_SIZE(roots); k++)
        if (!is_node(PyList_GET_ITEM(roots, k))) {
            PyErr_Format(PyExc_TypeError, "a graph consists of Values; got %R", PyList_GET_ITEM(roots, k));
            Py_DECREF(roots);
            return NULL;
        }
    Nodes order = {NULL, 0, 0};
    if (order_from(((PyListObject *)roots)->ob_item, PyList_GET_SIZE(roots), &order)) {
        unmark(&order);
        found = PyDict_New();
        for (size_t k = 0; found != NULL && k < order.count; k++)
            if (PyDict_SetItem(found, (PyObject *)order.items[k], args[1]) < 0)
                Py_CLEAR(found);
        PyMem_Free(order.items);
    }
    Py_DECREF(roots);
    return found;
}

static inline void carry(Node *parent, double product)
{
    parent->cotangent += product;
    parent->reached = 1;
}

static inline void carry_zero(const Node *node, Node *parent, double partial)
{
    if (partial != 0.0 || !chooses(node->op))
        carry(parent, partial != partial && is_undefined(node->op) ? partial : 0.0);
}

/* Send cotangents back through an order, as send_back in graph.py does, and leave the nodes as they were. */
static void send_back(Nodes *order)
{
    for (size_t k = order->count; k-- > 0;) {
        Node *node = order->items[k];
        double upstream = node->cotangent;
        int reached = node->reached;
        node->cotangent = 0.0;
        node->mark = 0;
        node->reached = 0;
        if (!reached)
            continue;
        double *partial = node->wide == NULL ? NULL : partials_of(node->wide);
        Py_ssize_t n_args = node->wide == NULL ? 0 : node->wide->count;
        if (upstream == 0.0) {
            if (node->a != NULL)
                carry_zero(node, node->a, node->da);
            if (node->b != NULL)
                carry_zero(node, node->b, node->db);
            for (Py_ssize_t j = 0; j < n_args; j++)
                if (is_node(node->wide->args[j]))
                    carry_zero(node, (Node *)node->wide->args[j], *partial++);
            continue;
        }
        node->grad += upstream;
        if (node->a != NULL) {
            if (node->da != 0.0 || !chooses(node->op))
                carry(node->a, upstream * node->da);
            if (node->b != NULL && (node->db != 0.0 || !chooses(node->op)))
                carry(node->b, upstream * node->db);
        }
        else if (n_args) {
            int keep = !chooses(node->op);
            for (Py_ssize_t j = 0; j < n_args; j++)
                if (is_node(node->wide->args[j])) {
                    if (keep || *partial != 0.0)
                        carry((Node *)node->wide->args[j], upstream * *partial);
                    partial++;
                }
        }
    }
}

/* Whether debug() watches the walks of this thread or task; -1 for an error. */
static int is_watched(void)
{
    PyObject *found = NULL;
    if (PyContextVar_Get(watcher, Py_None, &found) < 0)
        return -1;
    int watched = found != NULL && found != Py_None;
    Py_XDECREF(found);
    return watched;
}

static PyObject *node_backward(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *given = NULL;
    if (count == 1 && (names == NULL || !PyTuple_GET_SIZE(names)))
        given = args[0];
    else if (count == 0 && names != NULL && PyTuple_GET_SIZE(names) == 1
             && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, 0), "seed") == 0)
        given = args[0];
    else if (count || (names != NULL && PyTuple_GET_SIZE(names))) {
        PyErr_SetString(PyExc_TypeError, "backward takes one argument, seed");
        return NULL;
    }
    double seed = 1.0;
    if (given != NULL && set_number(&seed, given, "seed") < 0)
        return NULL;
    int watched = is_watched();
    if (watched < 0)
        return NULL;
    if (watched)
        return PyObject_CallFunction(slow_backward, "Od", self, seed);
    Nodes order = {NULL, 0, 0};
    if (!order_from(&self, 1, &order))
        return NULL;
    ((Node *)self)->cotangent = seed;
    ((Node *)self)->reached = 1;
    send_back(&order);
    PyMem_Free(order.items);
    Py_RETURN_NONE;
}

static PyObject *node_zero_grad(PyObject *self, PyObject *unused)
{
    (void)unused;
    Nodes order = {NULL, 0, 0};
    if (!order_from(&self, 1, &order))
        return NULL;
    for (size_t k = 0; k < order.count; k++)
        order.items[k]->grad = 0.0;
    unmark(&order);
    PyMem_Free(order.items);
    Py_RETURN_NONE;
}

/* Compute a node anew from fresh numbers: its data, and partials where d is not NULL; 0 where Python has to. */
static int computed(const Node *node, const double *fresh, double *y, double *d)
{
    if (!is_applicable(node->op))
        return 0;
    Applicable *op = (Applicable *)node->op;
    double x[3], every[3];
    unsigned wanted = 0;
    if (op->compute == NULL)
        return 0;
    if (node->wide != NULL) {
        if (node->wide->count != 3 || op->arity != 3)
            return 0;
        for (int k = 0; k < 3; k++) {
            PyObject *arg = node->wide->args[k];
            x[k] = is_node(arg) ? fresh[((Node *)arg)->mark - 1] : PyFloat_AS_DOUBLE(arg);
            wanted |= (unsigned)is_node(arg) << k;
        }
    }
    else {
        int first = node->constant == 1;
        if (node->a == NULL)
            return 0;
        x[first] = fresh[node->a->mark - 1];
        wanted = 1u << first;
        if (node->b != NULL) {
            x[1] = fresh[node->b->mark - 1];
            wanted |= 2u;
        }
        else if (node->constant)
            x[1 - first] = node->db;
        if (op->arity != 1 + (node->b != NULL || node->constant != 0))
            return 0;
    }
    if ((op->compute == compute_pow && is_zeroth_power(x)) || !op->compute(x, y, every, wanted))
        return 0;
    for (int k = 0; k < 3; k++)
        if (wanted >> k & 1u)
            *d++ = every[k];
    return 1;
}

static PyObject *node_refresh(PyObject *self, PyObject *unused)
{
    (void)unused;
    int watched = is_watched();
    if (watched < 0)
        return NULL;
    Nodes order = {NULL, 0, 0};
    if (watched)
        return PyObject_CallOneArg(slow_refresh, self);
    if (!order_from(&self, 1, &order))
        return NULL;
    double *fresh = PyMem_Malloc(4 * order.count * sizeof(double)), *partials = fresh + order.count;
    int ok = fresh != NULL;
    for (size_t k = 0; ok && k < order.count; k++) {
        const Node *node = order.items[k];
        if (node->op == NULL)
            fresh[k] = node->data;
        else
            ok = computed(node, fresh, fresh + k, partials + 3 * k);
    }
    for (size_t k = 0; ok && k < order.count; k++) {
        Node *node = order.items[k];
        if (node->op == NULL)
            continue;
        node->data = fresh[k];
        if (node->wide != NULL)
            memcpy(partials_of(node->wide), partials + 3 * k, node->wide->n_parents * sizeof(double));
        else {
            node->da = partials[3 * k];
            if (node->b != NULL)
                node->db = partials[3 * k + 1];
        }
    }
    unmark(&order);
    PyMem_Free(order.items);
    PyMem_Free(fresh);
    if (!ok) /* a wide node, a pole, an op of somebody's own: nothing has changed yet */
        return PyObject_CallOneArg(slow_refresh, self);
    Py_RETURN_NONE;
}

static PyMethodDef node_methods[] = {
    {"_apply", (PyCFunction)(void (*)(void))node_apply, METH_FASTCALL | METH_STATIC,
     "Compute an op of Values and plain numbers, and record it as a node."},
    {"_link", (PyCFunction)(void (*)(void))node_link, METH_FASTCALL,
     "Take operands, parents and partials for those of this node."},
    {"backward", (PyCFunction)(void (*)(void))node_backward, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"zero_grad", node_zero_grad, METH_NOARGS, NULL},
    {"refresh", node_refresh, METH_NOARGS, NULL},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef node_attributes[] = {
    {"data", (getter)get_data, (setter)set_data, "the number", NULL},
    {"grad", (getter)get_grad, (setter)set_grad, "what backward has added up", NULL},
    {"label", (getter)get_label, (setter)set_label, "the name", NULL},
    {"op", (getter)get_op, (setter)set_op, "the op that made it, None for a leaf", NULL},
    {"args", (getter)get_args, NULL, "the operands in order, nodes and plain numbers", NULL},
    {"parents", (getter)get_parents, NULL, "the nodes among the operands", NULL},
    {"partials", (getter)get_partials, NULL, "the partials towards the parents, as recorded", NULL},
    {"_wide", (getter)get_wide, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef node_members[] = {
    {"_data", T_DOUBLE, offsetof(Node, data), 0, NULL},
    {"_grad", T_DOUBLE, offsetof(Node, grad), 0, NULL},
    {"_label", T_OBJECT, offsetof(Node, label), READONLY, NULL},
    {"_a", T_OBJECT, offsetof(Node, a), READONLY, NULL},
    {"_b", T_OBJECT, offsetof(Node, b), READONLY, NULL},
    {"_da", T_DOUBLE, offsetof(Node, da), READONLY, NULL},
    {"_db", T_DOUBLE, offsetof(Node, db), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject NodeType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "autograd._core.Node",
    .tp_doc = "A result with the edges to its operands.",
    .tp_basicsize = sizeof(Node),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = node_alloc,
    .tp_init = (initproc)node_init,
    .tp_dealloc = (destructor)node_dealloc,
    .tp_as_number = &node_number,
    .tp_methods = node_methods,
    .tp_getset = node_attributes,
    .tp_members = node_members,
};

/* ---- The module ---- */

/* set_hook(function or None): what is made of each new node. */
static PyObject *core_set_hook(PyObject *module, PyObject *function)
{
    (void)module;
    Py_XSETREF(hook, function == Py_None ? NULL : Py_NewRef(function));
    Py_RETURN_NONE;
}

static PyObject *core_register(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"value", "ops", "apply", "backward", "refresh", "call", "gathered", "as_float",
                            "watcher", "wide", "docs", NULL};
    PyObject *value, *ops, *docs, *given[8];
    (void)module;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "$O!O!OOOOOOOOO!:register", names, &PyType_Type, &value, &PyDict_Type,
                                     &ops, given, given + 1, given + 2, given + 3, given + 4, given + 5, given + 6,
                                     given + 7, &PyDict_Type, &docs))
        return NULL;
    if (!PyType_IsSubtype((PyTypeObject *)value, &NodeType)
        || ((PyTypeObject *)value)->tp_basicsize != (Py_ssize_t)sizeof(Node)) {
        PyErr_SetString(PyExc_TypeError, "Value has to be a Node without anything beside");
        return NULL;
    }
    for (int k = 0; k < INFIX_OPS; k++) {
        PyObject *op = PyDict_GetItemString(ops, infix_names[k]);
        if (op == NULL) {
            PyErr_Format(PyExc_KeyError, "%s", infix_names[k]);
            return NULL;
        }
        Py_XSETREF(infix_ops[k], Py_NewRef(op));
        Py_XSETREF(infix_strings[k], PyUnicode_InternFromString(infix_names[k]));
    }
    for (PyMethodDef *method = node_methods; method->ml_name != NULL; method++) {
        PyObject *doc = PyDict_GetItemString(docs, method->ml_name); /* written in value.py */
        const char *text = doc == NULL ? NULL : PyUnicode_AsUTF8(doc);
        const char *seed = strcmp(method->ml_name, "backward") ? "" : ", seed=1.0";
        char *whole = text == NULL ? NULL : PyMem_Malloc(strlen(text) + 64);
        if (whole != NULL) {
            sprintf(whole, "%s($self%s)\n--\n\n%s", method->ml_name, seed, text);
            method->ml_doc = whole; /* for good, as the type is */
        }
    }
    value_type = (PyTypeObject *)Py_NewRef(value);
    /* Every class that Python makes takes part in the collection of cycles. Without its header and its walks a node takes
       half the time, and Values alone form no cycle: each refers to what was there before it. Subclasses, which may have
       attributes, take part again; but a cycle from such an attribute through a plain Value stays. */
    value_type->tp_flags &= ~Py_TPFLAGS_HAVE_GC;
    value_type->tp_traverse = NULL;
    value_type->tp_clear = NULL;
    value_type->tp_free = PyObject_Free;
    PyObject **slots[] = {&slow_apply, &slow_backward, &slow_refresh, &slow_call, &slow_gathered, &as_float,
                          &watcher, &wide_type};
    for (int k = 0; k < 8; k++)
        Py_XSETREF(*slots[k], Py_NewRef(given[k]));
    Py_RETURN_NONE;
}

/* set_tape_maker(function): what makes the tape of an op for a number of operands. */
static PyObject *core_set_tape_maker(PyObject *module, PyObject *function)
{
    (void)module;
    Py_XSETREF(make_tape, Py_NewRef(function));
    Py_RETURN_NONE;
}

static PyMethodDef core_functions[] = {
    {"register", (PyCFunction)(void (*)(void))core_register, METH_VARARGS | METH_KEYWORDS, NULL},
    {"bind", core_bind, METH_O, NULL},
    {"set_gathering", core_set_gathering, METH_O, NULL},
    {"record", (PyCFunction)(void (*)(void))core_record, METH_FASTCALL, NULL},
    {"order_of", (PyCFunction)(void (*)(void))core_order_of, METH_FASTCALL, NULL},
    {"set_hook", core_set_hook, METH_O, NULL},
    {"set_tape_maker", core_set_tape_maker, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef core_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "autograd._core",
    .m_doc = "The compiled core of autograd.",
    .m_size = -1,
    .m_methods = core_functions,
};

PyMODINIT_FUNC PyInit__core(void)
{
    PyObject *math = PyImport_ImportModule("math"), *module = NULL;
    if (math == NULL || (math_hypot = PyObject_GetAttrString(math, "hypot")) == NULL)
        goto failed;
    if ((empty = PyUnicode_InternFromString("")) == NULL)
        goto failed;
    static const char *const hidden[] = {"_apply", "_infix", "_prefix"};
    for (int k = 0; k < 3; k++)
        if ((hidden_names[k] = PyUnicode_InternFromString(hidden[k])) == NULL)
            goto failed;
    if (PyType_Ready(&NodeType) < 0 || PyType_Ready(&ApplicableType) < 0 || PyType_Ready(&MethodType) < 0)
        goto failed;
    if ((module = PyModule_Create(&core_module)) == NULL)
        goto failed;
    if (PyModule_AddObjectRef(module, "Node", (PyObject *)&NodeType) < 0
        || PyModule_AddObjectRef(module, "Applicable", (PyObject *)&ApplicableType) < 0
        || PyModule_AddObjectRef(module, "Method", (PyObject *)&MethodType) < 0
        || PyModule_AddIntConstant(module, "INTERFACE", INTERFACE) < 0)
        goto failed;
    Py_DECREF(math);
    return module;
failed:
    Py_XDECREF(math);
    Py_XDECREF(module);
    return NULL;
}
