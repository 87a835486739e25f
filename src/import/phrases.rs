//! The words of page furniture, folded: lower case, no punctuation, no apostrophes, one space.
//!
//! One list a kind, with commas between the phrases; whoever meets a new button adds it here and
//! nowhere else.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A list of phrases.
pub(super) type Phrases = LazyLock<BTreeSet<&'static str>>;

fn split(phrases: &'static str) -> BTreeSet<&'static str> {
    phrases
        .split(',')
        .map(str::trim)
        .filter(|phrase| !phrase.is_empty())
        .collect()
}

/// Furniture wherever it stands.
pub(super) static ANYWHERE: Phrases = LazyLock::new(|| {
    split(
        "advertisement, advertisements, advertisement scroll to continue, advertisement scroll to continue reading,
         skip advertisement, skip ad, article continues below, article continues below advertisement,
         article continues after advertisement, story continues below, story continues below advertisement,
         story continues after advertisement, scroll to continue, scroll down to continue reading, continue reading,
         continue reading below, continue reading the main story, read more, read full article,
         read the full article, read full story, read the full story, read next, read also, also read, see more,
         show more, load more, view comments, show comments, view all comments, related stories, related story,
         related articles, related article, related posts, related news, related topics, related content,
         related coverage, related reading, related links, more on this story, more from this section,
         recommended for you, recommended stories, recommended reading, recommended articles, you may also like,
         you might also like, you may also be interested in, trending now, most read, most popular, most viewed,
         editors picks, leave a comment, leave a reply, post a comment, post comment, add a comment,
         write a comment, join the conversation, cancel reply, submit comment,
         your email address will not be published,
         your email address will not be published required fields are marked, required fields are marked,
         save my name email and website in this browser for the next time i comment, source link, link to source,
         original source, back to top, back to top button, return to top, scroll to top, go to top,
         exit mobile version, skip to content, skip to main content, skip to navigation, toggle navigation,
         open menu, close menu, main menu, share this, share this article, share this story, share this post,
         share this page, tweet this, email this article, print this article, share on facebook, share on twitter,
         share on x, share on linkedin, share on whatsapp, share on telegram, share on reddit, share via email,
         opens in new window, opens in a new tab, like loading, subscribe now, subscribe today,
         already a subscriber, already a subscriber log in, copy link, link copied, copy url,
         listen to this article, listen to article, accept cookies, accept all cookies, reject all cookies,
         cookie settings, manage cookies, all rights reserved, advertise with us,
         this article was originally published on, zum inhalt springen, zum hauptinhalt springen, aller au contenu,
         aller au contenu principal, ir al contenido, saltar al contenido, vai al contenuto, anzeige, werbung,
         weiterlesen, mehr lesen, lesen sie auch, mehr zum thema, zurück nach oben, kommentar hinterlassen,
         schreibe einen kommentar, publicité, lire la suite, lire aussi, à lire aussi, laisser un commentaire,
         haut de page, retour en haut, partager cet article, votre adresse e mail ne sera pas publiée, publicidad,
         leer más, lea también, lee también, te puede interesar, noticias relacionadas, deja un comentario,
         deja una respuesta, volver arriba, pubblicità, leggi anche, leggi tutto, publicidade, leia mais,
         leia também, deixe um comentário, реклама, читайте также, читать далее, поделиться, читайте також,
         ilgili haberler, devamını oku, reklama, czytaj także, czytaj więcej, 広告, 本文へスキップ,
         コンテンツへスキップ, メインコンテンツへスキップ, 続きを読む, もっと見る, 関連記事, 関連ニュース,
         あわせて読みたい, こちらもおすすめ, おすすめ記事, この記事をシェア, この記事をシェアする, シェアする,
         ページトップへ, トップへ戻る, ページの先頭へ, コメントを残す, 广告, 廣告, 相关新闻, 相关阅读, 相關新聞,
         延伸閱讀, 阅读更多, 閱讀更多, 返回顶部, 分享到, 광고, 관련 기사, 관련기사, 더 보기, 맨 위로, 공유하기",
    )
});

/// Furniture before the article's first sentence and after its last.
pub(super) static EDGES: Phrases = LazyLock::new(|| {
    split(
        "like this, privacy policy, terms of service, terms of use, terms and conditions, cookie policy, nach oben,
         home, news, world, politics, business, opinion, sports, asia, asia pacific, video, videos, photos, live,
         latest, latest news, top stories, breaking news, menu, search, close, open, more, share, tweet, email,
         print, pin, pin it, save, bookmark, follow, like, play, listen, watch, loading, facebook, twitter, x,
         whatsapp, telegram, linkedin, reddit, pinterest, instagram, youtube, tiktok, messenger, flipboard, tumblr,
         threads, bluesky, rss, next, previous, prev, next post, previous post, next article, previous article,
         next story, previous story, comment, comments, no comments, name, website, tag, tags, filed under, source,
         via, recommended, trending, sponsored, sponsored content, promoted, promoted content, subscribe, sign in,
         sign up, log in, login, register, my account, create account, newsletter, newsletters, podcasts, weather,
         about us, contact, contact us, archives, categories, edition, sitemap, careers, help, faq, donate,
         support us, follow us, advertise, δ, author, about the author, accept, accept all, reject all, teilen,
         drucken, kommentare, startseite, partager, imprimer, commentaires, accueil, compartir, imprimir,
         comentarios, inicio, condividi, compartilhar, главная, udostępnij, paylaş, シェア, ツイート, 印刷, ホーム,
         ニュース, コメント, 検索, ログイン, 会員登録, メニュー, トップ, 国際, 政治, 首页, 首頁, 分享, 评论, 評論,
         搜索, 登录, 공유, 댓글, 로그인, 홈",
    )
});

/// What stands before a colon or bar, wherever the line stands.
pub(super) static LABELS: Phrases = LazyLock::new(|| {
    split(
        "read more, read also, also read, read next, must read, dont miss, related, related article,
         related articles, related story, related stories, lesen sie auch, lire aussi, à lire aussi, lea también,
         lee también, leggi anche, leia também, leia mais, читайте также, 関連記事, 相关阅读, 관련기사",
    )
});

/// What stands before a colon or bar after the article.
pub(super) static END_LABELS: Phrases = LazyLock::new(|| {
    split(
        "more, watch, listen, see also, recommended, filed under, tag, tags, tagged, topics, keywords, category,
         categories, posted in, share, share this, follow us, next, previous, next post, previous post,
         advertisement, schlagwörter, mots clés, etiquetas, タグ, キーワード, 标签, 태그",
    )
});

/// How a page begins to ask its reader for something.
pub(super) static PROMPTS: Phrases = LazyLock::new(|| {
    split(
        "subscribe to, sign up for, sign up to, sign in to, log in to, follow us, like us on, join us on, join our,
         get our, get the latest, get breaking news, download our, download the, click to, click here, tap here,
         support our, enable javascript, please enable, receive our, share on, share via, share this,
         you need to enable",
    )
});

/// What it then speaks of.
pub(super) static OFFERS: Phrases = LazyLock::new(|| {
    split(
        "newsletter, newsletters, inbox, facebook, twitter, x, instagram, youtube, telegram, whatsapp, linkedin,
         reddit, channel, notifications, alerts, javascript, app, email, window, account, subscription, journalism,
         subscribe, print, tab",
    )
});

/// What a page counts: `12 comments`.
pub(super) static COUNTED: Phrases = LazyLock::new(|| {
    split(
        "comment, comments, share, shares, view, views, like, likes, retweets, replies, followers, min read,
         minute read, minutes read, mins read",
    )
});

/// Where a row of breadcrumbs begins.
pub(super) static HOMES: Phrases = LazyLock::new(|| {
    split("home, news, startseite, accueil, inicio, ホーム, トップ, 首页, 首頁, главная, 홈")
});

/// What a cookie notice then speaks of.
pub(super) static SITE: Phrases = LazyLock::new(|| {
    split(
        "site, website, browser, experience, policy, preferences, consent, cookies, traffic, privacy",
    )
});

/// What else a page's date is made of.
pub(super) static DATE_WORDS: Phrases = LazyLock::new(|| {
    split(
        "publié, publiée, le, à, mis, jour, veröffentlicht, aktualisiert, stand, am, um, uhr, publicado,
         actualizado, el, de, del, las, pubblicato, il, נכתב, פורסם, نشر, في, published, updated, posted, modified, last, on, at, date, time, am, pm, a, p, m,
         et, est, edt, pt, pst, pdt, ct, gmt, utc, jst, cet, bst, monday, tuesday, wednesday, thursday, friday,
         saturday, sunday, mon, tue, tues, wed, thu, thurs, fri, sat, sun",
    )
});

/// How a cookie notice begins.
pub(super) static COOKIE_NOTICES: Phrases = LazyLock::new(|| {
    split(
        "we use cookies, this site uses cookies, this website uses cookies, our website uses cookies,
         our site uses cookies, we and our partners use, we and our partners store, by continuing to use,
         by continuing to browse, by using this site, by using this website, by clicking accept,
         by clicking i agree, by clicking on, by clicking subscribe, by clicking submit, by signing up you,
         by subscribing you",
    )
});

/// The last words of agencies, papers and roles in a byline.
pub(super) static OFFICES: Phrases = LazyLock::new(|| {
    split(
        "ap, press, reuters, afp, presse, bloomberg, kyodo, jiji, yonhap, xinhua, dpa, upi, efe, ansa, tass, bbc, cnn, npr,
         news, times, post, journal, tribune, herald, daily, guardian, agencies, agency, service, writer, writers,
         correspondent, correspondents, reporter, reporters, editor, editors, columnist, bureau, staff, team, board",
    )
});

/// The first words of captions and credits.
pub(super) static CAPTIONS: Phrases = LazyLock::new(|| {
    split(
        "photo, photograph, photos, image, picture, video, credit, file, graphic, illustration, map, getty, by, 写真, 撮影",
    )
});
