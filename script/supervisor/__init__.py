"""What the commands in script/ share: it installs, starts servers, keeps processes together and stops them.

The commands run on any Python 3.11 with its standard library alone; only ``prepare`` and ``mail_catcher`` run inside
the virtual environment. A command that needs servers of its own (a benchmark, say) is a module here with a
``main(arguments) -> int``, and a shell file of the same name beside the others:

    with Processes() as processes:                       # whatever happens, everything started here ends here
        installing.python_packages(processes)
        environment = servers.start(processes, folder, keys.read(folder))     # DATABASE_URL, REDIS_URL, …
        processes.run("migrate", [places.PYTHON, "manage.py", "migrate"], env=environment)
        processes.start("web", …, env=environment)
"""
