"""Adds numbers up, step by step: what a debugger shows of it is known beforehand."""


def add(sums, number):
    sums["total"] += number
    return sums


sums = {"total": 0}
for number in (1, 4, 9):
    add(sums, number)
print(sums)
