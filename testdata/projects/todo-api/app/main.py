from fastapi import FastAPI, HTTPException

app = FastAPI(title="todo")
todos: dict[int, str] = {}


@app.get("/healthz")
@app.get("/livez")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/todos")
def list_todos() -> dict[int, str]:
    return todos


@app.put("/todos/{number}")
def put_todo(number: int, text: str) -> None:
    todos[number] = text


@app.delete("/todos/{number}")
def delete_todo(number: int) -> None:
    if todos.pop(number, None) is None:
        raise HTTPException(status_code=404)
