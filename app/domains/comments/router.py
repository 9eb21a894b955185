"""The operations on comments."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.comments.errors import NotTheAuthor
from app.domains.comments.schemas import (
    Comment,
    CommentCreate,
    CommentPage,
    CommentPatch,
    CommentQuery,
)
from app.domains.comments.service import CommentService
from app.kit.fields import Id
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

CommentReader = Annotated[CommentService, Guard(CommentService, Scope.COMMENTS_READ)]
CommentWriter = Annotated[CommentService, Guard(CommentService, Scope.COMMENTS_WRITE)]

router = Router(prefix="/v1/comments", tags=["Comments"])


@router.get("", summary="List comments")
async def list_comments(
    query: Annotated[CommentQuery, Query()], comments: CommentReader
) -> CommentPage:
    """Comments on your records, the earliest first; ask for one record's with `record_id`."""
    return await comments.list(query)


@router.post("", status_code=201, summary="Comment on a record")
async def add_comment(body: CommentCreate, comments: CommentWriter) -> Comment:
    """Say something about a record, as the person or as somebody who accompanies them.

    Who acts for a person comments on what they may change. Rebound tells nobody of it by mail.
    """
    return await comments.add(body)


@router.get("/{comment_id}", summary="Get a comment")
async def get_comment(comment_id: Id, comments: CommentReader) -> Comment:
    """One comment, with its author and what it is about."""
    return await comments.get(comment_id)


@router.patch("/{comment_id}", summary="Change a comment")
@manners(problems=(NotTheAuthor,))
async def update_comment(
    comment_id: Id, body: CommentPatch, if_match: IfMatch, comments: CommentWriter
) -> Comment:
    """Say it otherwise. Only its author can; what it is about stays."""
    return await comments.update(comment_id, body, if_match)


@router.delete("/{comment_id}", status_code=204, summary="Delete a comment")
@manners(problems=(NotTheAuthor,))
async def delete_comment(comment_id: Id, if_match: IfMatch, comments: CommentWriter) -> None:
    """Delete a comment: its author can, and the person whose record it is about."""
    await comments.delete(comment_id, if_match)
