#pragma once
#include <popt.h>

// The structure has the same name as popt's pointer to it, which Swift cannot tell apart.
typedef struct poptOption popt_option;
