/*
 * Fault points: places where tests kill a process, to check what survives.
 *
 * RW_FAULT=TOOL:POINT or TOOL:POINT:N in the environment makes TOOL send
 * itself SIGKILL when it passes POINT for the Nth time. Without the variable
 * a point costs one comparison.
 */
#ifndef RW_BASE_FAULT_H
#define RW_BASE_FAULT_H

void
rw_fault(const char *point);

#endif
